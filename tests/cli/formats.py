"""What formats of other people ask for, written down from their specifications: SARIF 2.1.0 (OASIS)
with what GitHub wants beside it, GitLab's code quality report, OpenMetrics by its own parser."""

import jsonschema
from prometheus_client.openmetrics.parser import text_string_to_metric_families

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}

# 3.13 sarifLog, 3.14 run, 3.19 toolComponent, 3.49 reportingDescriptor, 3.27 result, 3.29 physicalLocation
SARIF = {
    "type": "object", "required": ["version", "runs"], "properties": {
        "version": {"const": "2.1.0"}, "$schema": {"type": "string"},
        "runs": {"type": "array", "maxItems": 20, "items": {
            "type": "object", "required": ["tool", "results"], "properties": {
                "tool": {"type": "object", "required": ["driver"], "properties": {"driver": {
                    "type": "object", "required": ["name"], "properties": {
                        "name": {"type": "string"}, "version": {"type": "string"},
                        "rules": {"type": "array", "uniqueItems": True, "items": {
                            "type": "object", "required": ["id", "shortDescription"], "properties": {
                                "id": {"type": "string"}, "shortDescription": TEXT, "help": TEXT,
                                "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}}}}}}}}},
                "invocations": {"type": "array", "items": {"type": "object", "required": ["executionSuccessful"], "properties": {"executionSuccessful": {"type": "boolean"}}}},
                "results": {"type": "array", "maxItems": 5000, "items": {
                    "type": "object", "required": ["message", "ruleId", "locations", "partialFingerprints"], "properties": {
                        "message": TEXT, "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0}, "level": LEVEL,
                        "partialFingerprints": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}},
                        "locations": {"type": "array", "minItems": 1, "items": {
                            "type": "object", "required": ["physicalLocation"], "properties": {
                                "physicalLocation": {"type": "object", "required": ["artifactLocation", "region"], "properties": {
                                    "artifactLocation": {"type": "object", "required": ["uri"], "properties": {"uri": {"type": "string", "pattern": r"^([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$"}}},
                                    "region": {"type": "object", "required": ["startLine"], "properties": {"startLine": {"type": "integer", "minimum": 1}}}}}}}}}}}}}}}}

CODEQUALITY = {
    "type": "array", "items": {
        "type": "object", "required": ["description", "check_name", "fingerprint", "severity", "location"], "properties": {
            "description": {"type": "string", "minLength": 1}, "check_name": {"type": "string"}, "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {"type": "object", "required": ["path", "lines"], "properties": {
                "path": {"type": "string", "pattern": r"^(?!\./)[^/]"},
                "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}}}}}}}

SCHEMAS = {"sarif": SARIF, "codequality": CODEQUALITY}


def check(form, document):
    for error in jsonschema.Draft202012Validator(SCHEMAS[form]).iter_errors(document):
        raise AssertionError(f"{form}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    if form == "sarif":
        for run in document["runs"]:
            rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
            for result in run["results"]:
                if rules[result["ruleIndex"]] != result["ruleId"]:
                    raise AssertionError(f"sarif: rule {result['ruleIndex']} is not {result['ruleId']}")


def metrics(text):
    """{(name, labels): value}; every series once, in families that stand together."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = sample.name, tuple(sorted(sample.labels.items()))
            if key in found:
                raise AssertionError(f"openmetrics: {key} twice")
            found[key] = sample.value
    return found
