"""Challenges, tokens, credentials and their helpers (formats.md 3.1 to 3.11)."""

import base64
import re
import threading
import urllib.parse

from harness import case, check_fails, check_image
from server import Image, Registry, Server, Tokens, basic, noise, sha256

USER = "me:CANARYa:b:c"
ANY = re.compile("^/")


def parameters(request):
    return urllib.parse.parse_qsl(request.query)


def protected(fetch, *images, user=None, **options):
    registry = fetch.serve(Registry(*(images or [Image()])))
    return registry, Tokens(registry, user=user, **options)


def basic_registry(fetch, image, user=USER, challenges=('Basic realm="x"',)):
    registry = fetch.serve(Registry(image))

    def check(request):
        if request.headers.get("authorization") == basic(user):
            return False
        request.reply(401, "", *(("WWW-Authenticate", c) for c in challenges))

    registry.on("^/v2/", check)
    return registry


# Challenges.

@case
def anonymous_token(fetch):
    image = Image()
    registry, tokens = protected(fetch, image)
    check_image(fetch(registry.reference), image)
    assert tokens.given == 1
    asked = registry.requests("/token")[0]
    assert "authorization" not in asked.headers
    assert parameters(asked) == [("service", "s"), ("scope", "repository:r/x:pull")]


@case
def negotiate_and_basic_in_two_headers(fetch):
    image = Image()
    registry = basic_registry(fetch, image, challenges=("Negotiate", 'Basic realm="x"'))
    fetch.home.login(registry.host, USER)
    check_image(fetch(registry.reference), image)


@case
def basic_is_sent_every_time_once_asked_for(fetch):
    image = Image()
    registry = basic_registry(fetch, image)
    fetch.home.login(registry.host, USER)
    check_image(fetch(registry.reference), image)
    sent = ["authorization" in r.headers for r in registry.log]
    assert sent == [False] + [True] * (len(sent) - 1), sent


@case
def bearer_and_basic_in_one_header(fetch):
    image = Image()
    registry, tokens = protected(fetch, image)
    tokens.challenge = lambda request, error="": request.reply(
        401, "", ("WWW-Authenticate", f'Basic realm="x", bearer  Realm="{tokens.realm}?x=1" , '
                                      'SCOPE="repository:r/x:pull",service=s'))
    check_image(fetch(registry.reference), image)
    assert parameters(registry.requests("/token")[0])[0] == ("x", "1")


@case
def challenge_only_at_the_api_root(fetch):
    image = Image()
    registry, tokens = protected(fetch, image)
    with_challenge = tokens.challenge
    tokens.challenge = lambda request, error="": (
        with_challenge(request) if request.path == "/v2/" else request.reply(401))
    check_image(fetch(registry.reference), image)


@case
def no_challenge_anywhere(fetch):
    registry = fetch.serve(Registry())
    registry.on("^/v2/", lambda r: r.reply(401))
    result = fetch(registry.reference)
    check_fails(result, "denied", "not found or no access", "401")
    assert "logged in as nobody" in result.hint and "REGISTRY_AUTH_FILE" in result.hint, result
    assert result.status == 3


@case
def unauthorized_for_ever(fetch):
    registry, tokens = protected(fetch)
    tokens.check = tokens.challenge
    check_fails(fetch(registry.reference), "denied", "UNAUTHORIZED: log in")
    assert tokens.given == 2 and len(registry.requests("/manifests/")) == 3


@case
def unauthorized_for_ever_with_changing_realms(fetch):
    registry, tokens = protected(fetch)

    def changing(request):
        tokens.realm = registry.url + f"/token/{len(registry.log)}"
        tokens.challenge(request)

    tokens.check = changing
    check_fails(fetch(registry.reference), "denied")
    assert tokens.given == 2


@case
def insufficient_scope_then_a_wider_one(fetch):
    image = Image()
    registry, tokens = protected(fetch, image)
    wide = set()

    def check(request):
        if request.path.startswith("/token"):
            if ("scope", "repository:r/x:pull,wide") in parameters(request):
                wide.add(f"CANARY{tokens.given + 1}")
            return False
        if request.headers.get("authorization", "").partition(" ")[2] in wide:
            return registry.behave(request)
        if "authorization" in request.headers:
            tokens.scope = "repository:r/x:pull,wide"
            tokens.challenge(request, ',error="insufficient_scope"')
            return None
        return False

    registry.hooks.insert(0, (ANY, check))
    check_image(fetch(registry.reference), image)
    assert tokens.given == 2


@case
def server_that_reads_only_the_first_scope(fetch):
    image = Image()
    registry, tokens = protected(fetch, image, scope="repository:r/x:pull,more")
    give = tokens.give

    def first_only(request):
        scopes = [v for k, v in parameters(request) if k == "scope"]
        assert scopes == ["repository:r/x:pull,more", "repository:r/x:pull"], scopes
        give(request)

    tokens.give = first_only
    check_image(fetch(registry.reference), image)


# Tokens.

@case
def token_called_access_token(fetch):
    image = Image()
    registry, tokens = protected(fetch, image)
    tokens.give = lambda r: r.reply(200, {"access_token": "CANARYa"})
    tokens.valid.add("CANARYa")
    check_image(fetch(registry.reference), image)


@case
def token_without_token(fetch):
    registry, tokens = protected(fetch)
    tokens.give = lambda r: r.reply(200, {"expires_in": 300})
    check_fails(fetch(registry.reference), "network", "token server", "no token")


@case
def token_that_would_break_the_header(fetch):
    registry, tokens = protected(fetch)
    tokens.give = lambda r: r.reply(200, {"token": "a\r\nX-Evil: 1"})
    check_fails(fetch(registry.reference), "network", "no token")
    assert not any("x-evil" in r.headers for r in registry.log)


@case
def token_of_10_mib(fetch):
    registry, tokens = protected(fetch)
    tokens.give = lambda r: r.reply(200, '{"token":"' + "x" * (10 << 20))
    check_fails(fetch(registry.reference), "limit", "token-bytes")


@case
def token_that_lives_for_no_time(fetch):
    image = Image()
    registry, tokens = protected(fetch, image, lifetime=0)
    check_image(fetch(registry.reference), image)
    assert tokens.given == 1, "less than a minute counts as a minute"


@case
def token_with_a_skewed_clock(fetch):
    image = Image()
    registry, tokens = protected(fetch, image, issued_at="2001-01-01T00:00:00Z")
    check_image(fetch(registry.reference), image)
    assert tokens.given == 1


@case
def token_for_one_request_only(fetch):
    image = Image()
    registry, tokens = protected(fetch, image)
    check = tokens.check

    def once(request):
        result = check(request)
        tokens.valid.clear()
        return result

    tokens.check = once
    check_image(fetch(registry.reference), image)
    assert tokens.given == 2 + len(image.layers)


@case
def threads_share_one_new_token(fetch):
    image = Image([noise(2000, i) for i in range(8)])
    registry, tokens = protected(fetch, image)
    all_there = threading.Barrier(len(image.layers), action=tokens.valid.clear)

    def expire(request):
        layer = request.path.rpartition("/")[2] != sha256(image.config)
        if "/blobs/" in request.path and layer and request.headers["authorization"].endswith("Y1"):
            all_there.wait()
        return False

    registry.hooks.insert(0, (ANY, expire))
    check_image(fetch(registry.reference, "--threads"), image)
    assert tokens.given == 2, tokens.given


@case
def token_server_has_an_accident(fetch):
    image = Image()
    registry, tokens = protected(fetch, image)
    give, accidents = tokens.give, [500, 503]
    tokens.give = lambda r: r.reply(accidents.pop()) if accidents else give(r)
    check_image(fetch(registry.reference), image)


@case
def token_server_that_is_not_there(fetch):
    registry, tokens = protected(fetch)
    tokens.give = lambda r: r.reply(404)
    check_fails(fetch(registry.reference), "network", registry.reference, "token server", "404")


@case
def token_server_redirects_once(fetch):
    image = Image()
    registry, tokens = protected(fetch, image)
    registry.hooks.insert(0, (ANY, lambda r: r.reply(
        307, "", ("Location", "/token/there?" + r.query)) if r.path == "/token" else False))
    check_image(fetch(registry.reference), image)


@case
def token_server_redirects_twice(fetch):
    registry, tokens = protected(fetch)
    tokens.give = lambda r: r.redirect(r.path + "/x")
    check_fails(fetch(registry.reference), "network", "token server", "more than 1 redirect")


@case
def token_server_redirects_to_another_host(fetch):
    other = fetch.serve(Server(lambda r: r.reply(200, {"token": "CANARYother"})))
    registry, tokens = protected(fetch, user=USER)
    fetch.home.login(registry.host, USER)
    tokens.give = lambda r: r.redirect(other.url + "/t")
    fetch(registry.reference)
    assert registry.requests("/token")[0].headers["authorization"] == basic(USER)
    assert other.log and not any("authorization" in r.headers for r in other.log)


# Realms that must not be asked.

def refused_realm(fetch, realm, *parts):
    registry, _ = protected(fetch, realm=realm)
    fetch.home.login(registry.host, USER)
    check_fails(fetch(registry.reference), "network", "token server", *parts)


@case
def realm_at_the_metadata_service(fetch):
    refused_realm(fetch, "http://169.254.169.254/latest", "refused")


@case
def realm_at_a_private_address_over_http(fetch):
    refused_realm(fetch, "http://10.0.0.1/token", "refused: plain http")


@case
def realm_in_a_file(fetch):
    refused_realm(fetch, "file:///etc/passwd", "not http or https")


@case
def realm_with_a_user_name(fetch):
    refused_realm(fetch, "http://a:b@127.0.0.1/token", "user name")


@case
def realm_at_the_unspecified_address(fetch):
    refused_realm(fetch, "https://0.0.0.0/token", "refused")


@case
def realm_at_mapped_link_local(fetch):
    refused_realm(fetch, "https://[::ffff:169.254.169.254]/token", "refused")


@case
def realm_as_a_decimal_address(fetch):
    refused_realm(fetch, "https://2852039166/token", "refused")


# Credentials.

@case
def token_with_credentials(fetch):
    image = Image()
    registry, tokens = protected(fetch, image, user=USER)
    fetch.home.login(registry.host, USER)
    check_image(fetch(registry.reference), image)
    asked = registry.requests("/token")[0]
    assert ("account", "me") in parameters(asked)
    assert tokens.given == 1


@case
def rejected_credentials_do_not_hide_a_public_image(fetch):
    image = Image()
    registry, tokens = protected(fetch, image)
    give = tokens.give
    tokens.give = lambda r: r.reply(401) if "authorization" in r.headers else give(r)
    fetch.home.login(registry.host, USER)
    result = fetch(registry.reference)
    check_image(result, image)
    assert any(w.startswith("credentials-rejected:") for w in result.all("warning")), result


@case
def denied_with_credentials_says_which(fetch):
    registry, _ = protected(fetch, user="other:CANARY")
    path = fetch.home.login(registry.host, USER)
    result = fetch(registry.reference)
    check_fails(result, "denied", "not found or no access")
    assert str(path) in result.hint, result


@case
def password_denied_by_basic(fetch):
    registry = basic_registry(fetch, Image())
    fetch.home.login(registry.host, "me:CANARYwrong")
    check_fails(fetch(registry.reference), "denied")
    assert len(registry.requests("/manifests/")) == 2


@case
def identity_token_by_post(fetch):
    image = Image()
    registry, tokens = protected(fetch, image)
    entry = {"identitytoken": "CANARY+id"}
    fetch.home.write(".docker/config.json", {"auths": {registry.host: entry}})
    check_image(fetch(registry.reference), image)
    asked = registry.requests("/token")[0]
    form = dict(urllib.parse.parse_qsl(asked.body.decode()))
    assert asked.method == "POST" and form == {
        "grant_type": "refresh_token", "refresh_token": "CANARY+id", "service": "s",
        "scope": "repository:r/x:pull", "client_id": "imgprof"}, form


def post_refused(fetch, status):
    image = Image()
    registry, tokens = protected(fetch, image)
    give = tokens.give
    tokens.give = lambda r: r.reply(status) if r.method == "POST" else give(r)
    fetch.home.login(registry.host, USER, identitytoken="CANARYid")
    check_image(fetch(registry.reference), image)
    asked = registry.requests("/token")
    assert [r.method for r in asked] == ["POST", "GET"]
    assert asked[1].headers["authorization"] == basic(USER)


@case
def token_server_without_post_400(fetch):
    post_refused(fetch, 400)


@case
def token_server_without_post_404(fetch):
    post_refused(fetch, 404)


@case
def registry_token_is_used_as_it_is(fetch):
    image = Image()
    registry, tokens = protected(fetch, image)
    tokens.valid.add("CANARYregistry")
    entry = {"registrytoken": "CANARYregistry"}
    fetch.home.write(".docker/config.json", {"auths": {registry.host: entry}})
    check_image(fetch(registry.reference), image)
    assert tokens.given == 0


def finds(fetch, write):
    image = Image()
    registry = basic_registry(fetch, image)
    environment = write(registry.host) or {}
    check_image(fetch(registry.reference, **environment), image)


@case
def docker_config_without_the_host_and_podmans_with_it(fetch):
    def write(host):
        fetch.home.login("other.example", "you:CANARY")
        fetch.home.login(host, USER, "run/containers/auth.json")
    finds(fetch, write)


@case
def podmans_file_in_the_configuration_folder(fetch):
    finds(fetch, lambda host: fetch.home.login(host, USER, ".config/containers/auth.json") and None)


@case
def old_dockercfg(fetch):
    auth = base64.b64encode(USER.encode()).decode()
    finds(fetch, lambda host: fetch.home.write(".dockercfg", {host: {"auth": auth}}) and None)


@case
def docker_config_elsewhere(fetch):
    def write(host):
        fetch.home.login(host, USER, "elsewhere/config.json")
        return {"DOCKER_CONFIG": str(fetch.home.path / "elsewhere")}
    finds(fetch, write)


@case
def registry_auth_file_comes_first(fetch):
    def write(host):
        fetch.home.login(host, "wrong:CANARY")
        return {"REGISTRY_AUTH_FILE": str(fetch.home.login(host, USER, "mine.json"))}
    finds(fetch, write)


@case
def registry_auth_file_that_is_missing(fetch):
    registry = basic_registry(fetch, Image())
    result = fetch(registry.reference, REGISTRY_AUTH_FILE="/nowhere/auth.json")
    check_fails(result, "usage", "REGISTRY_AUTH_FILE", "/nowhere/auth.json")
    assert result.status == 2


@case
def credentials_in_the_environment(fetch):
    auth = base64.b64encode(USER.encode()).decode()
    finds(fetch, lambda host: {
        "DOCKER_AUTH_CONFIG": '{"auths":{"%s":{"auth":"%s"}}}' % (host, auth)})


@case
def key_with_scheme_and_path(fetch):
    finds(fetch, lambda host: fetch.home.login(f"https://{host}/v2/", USER) and None)


@case
def namespaces_of_podman(fetch):
    image = Image()
    registry = basic_registry(fetch, image)
    good, bad = (base64.b64encode(u.encode()).decode() for u in [USER, "wrong:CANARY"])
    fetch.home.write("run/containers/auth.json", {"auths": {
        registry.host: {"auth": bad}, f"{registry.host}/other": {"auth": bad},
        f"{registry.host}/r": {"auth": good}}})
    check_image(fetch(registry.reference), image)


@case
def broken_base64_of_another_host(fetch):
    def write(host):
        auth = base64.b64encode(USER.encode()).decode()
        entries = {"x": {"auth": "!!"}, host: {"auth": auth}}
        fetch.home.write(".docker/config.json", {"auths": entries})
    finds(fetch, write)


@case
def broken_entry_is_told_without_its_content(fetch):
    registry = basic_registry(fetch, Image())
    fetch.home.write(".docker/config.json", {"auths": {registry.host: {"auth": "CANARY!"}}})
    result = fetch(registry.reference)
    check_fails(result, "denied")
    assert any("not base64" in w for w in result.all("warning")), result


@case
def broken_file_is_told_without_its_content(fetch):
    registry = basic_registry(fetch, Image())
    fetch.home.write(".docker/config.json", '{"auths": {"x": {"auth": "CANARY" CANARY')
    result = fetch(registry.reference)
    check_fails(result, "denied")
    assert any("not a JSON object" in w for w in result.all("warning")), result


# Helpers.

ANSWER = 'cat > "$HOME/asked"; echo \'{"ServerURL":"x","Username":"me","Secret":"CANARYa:b:c"}\''


def with_helper(fetch, script, key="credsStore", **options):
    image = Image()
    registry = basic_registry(fetch, image)
    fetch.home.helper("fake", script)
    value = {registry.host: "fake"} if key == "credHelpers" else "fake"
    fetch.home.write(".docker/config.json", {"auths": {registry.host: {}}, key: value})
    return image, registry


@case
def helper_of_all_hosts(fetch):
    image, registry = with_helper(fetch, ANSWER)
    check_image(fetch(registry.reference, "--threads"), image)
    assert (fetch.home.path / "asked").read_text() == registry.host


@case
def helper_of_one_host(fetch):
    image, registry = with_helper(fetch, ANSWER, key="credHelpers")
    check_image(fetch(registry.reference), image)


@case
def helper_is_asked_once(fetch):
    image, registry = with_helper(fetch, 'echo x >> "$HOME/count"; ' + ANSWER)
    check_image(fetch(registry.reference), image)
    assert (fetch.home.path / "count").read_text() == "x\n"


@case
def helper_with_an_identity_token(fetch):
    image = Image()
    registry, _ = protected(fetch, image)
    fetch.home.helper("fake", 'echo \'{"Username":"<token>","Secret":"CANARYid"}\'')
    fetch.home.write(".docker/config.json", {"credsStore": "fake"})
    check_image(fetch(registry.reference), image)
    assert b"CANARYid" in registry.requests("/token")[0].body


def helper_fails(fetch, script, *parts, **limits):
    _, registry = with_helper(fetch, script)
    options = [x for k, v in limits.items() for x in ("--limit", f"{k.replace('_', '-')}={v}")]
    result = fetch(registry.reference, *options)
    check_fails(result, "denied")
    warnings = [w for w in result.all("warning") if w.startswith("credential-helper:")]
    assert len(warnings) == (1 if parts else 0), result
    for part in parts:
        assert part in warnings[0], result


@case
def helper_that_has_none(fetch):
    helper_fails(fetch, "cat >/dev/null; echo 'credentials not found in native keychain'; exit 1")


@case
def helper_that_crashes(fetch):
    helper_fails(fetch, "echo the vault is locked; kill -9 $$", "failed", "the vault is locked")


@case
def helper_that_never_reads(fetch):
    helper_fails(fetch, "exec 0<&-; exit 3", "failed")


@case
def helper_that_sleeps_is_killed_with_its_children(fetch):
    script = 'sleep 1000 & echo $! > "$HOME/child"; sleep 1000'
    helper_fails(fetch, script, "in time", helper_timeout=1)
    child = (fetch.home.path / "child").read_text().strip()
    try:
        state = open(f"/proc/{child}/stat").read().split()[2]
    except FileNotFoundError:
        state = "gone"
    assert state in ("gone", "Z"), state


@case
def helper_that_closes_its_output_and_stays(fetch):
    helper_fails(fetch, "exec >&-; sleep 1000", "in time", helper_timeout=1)


@case
def helper_that_floods(fetch):
    helper_fails(fetch, "yes CANARY", "too much")


@case
def helper_that_prints_garbage(fetch):
    helper_fails(fetch, "echo 'CANARY{'", "no credentials that can be read")


@case
def helper_without_a_secret(fetch):
    helper_fails(fetch, "echo '{}'", "no credentials that can be read")


@case
def helper_that_is_missing(fetch):
    registry = basic_registry(fetch, Image())
    fetch.home.write(".docker/config.json", {"credsStore": "nowhere"})
    result = fetch(registry.reference)
    check_fails(result, "denied")
    warnings = result.all("warning")
    assert any("docker-credential-nowhere is not on PATH" in w for w in warnings), result


@case
def helper_with_a_path_for_a_name(fetch):
    registry = basic_registry(fetch, Image())
    fetch.home.helper("evil", 'touch "$HOME/ran"')
    fetch.home.write(".docker/config.json", {"credsStore": "../bin/docker-credential-evil"})
    result = fetch(registry.reference)
    check_fails(result, "denied")
    assert any("invalid name" in w for w in result.all("warning")), result
    assert not (fetch.home.path / "ran").exists()


@case
def helper_failing_leaves_the_entries_of_the_file(fetch):
    image = Image()
    registry = basic_registry(fetch, image)
    auth = base64.b64encode(USER.encode()).decode()
    fetch.home.write(".docker/config.json",
                     {"auths": {registry.host: {"auth": auth}}, "credsStore": "nowhere"})
    check_image(fetch(registry.reference), image)


@case
def cancelled_while_a_helper_sleeps(fetch):
    _, registry = with_helper(fetch, "sleep 1000")
    check_fails(fetch(registry.reference, "--cancel-after", "300"), "cancelled")
