"""Indents the report behind a line of '#', without what csv-packages shows better and what every release changes."""
import json
import sys

print(sys.stdin.readline(), end="")
document = json.load(sys.stdin)
del document["tool"]
for image in document["images"]:
    del image["packages"]
json.dump(document, sys.stdout, indent=1, ensure_ascii=False)
print()
