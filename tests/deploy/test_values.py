"""The values for Zero to JupyterHub: documented keys alone, and fit together with image, guide and course."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "jupyterhub"
VALUES = yaml.safe_load((FOLDER / "values.yaml").read_text("utf-8"))
GUIDE = (FOLDER / "README.md").read_text("utf-8")
NUMBER = (int, float)

# The keys that these values use, as https://z2jh.jupyter.org/en/stable/resources/reference.html describes
# them for chart 4.4, with what may stand there. The chart refuses others, and so does this test: who uses
# a new key looks it up and adds it. `helm upgrade` checks the values against the whole schema.
DOCUMENTED = {
    "hub.config": dict,
    "singleuser.image.name": str,
    "singleuser.image.tag": str,
    "singleuser.cmd": list,
    "singleuser.defaultUrl": str,
    "singleuser.storage.type": ("dynamic", "static", "none"),
    "singleuser.storage.capacity": str,
    "singleuser.storage.homeMountPath": str,
    "singleuser.extraEnv": dict,
    "singleuser.memory.guarantee": str,
    "singleuser.memory.limit": str,
    "singleuser.cpu.guarantee": NUMBER,
    "singleuser.cpu.limit": NUMBER,
    "singleuser.profileList": list,
    "singleuser.extraFiles": dict,
    "singleuser.networkPolicy.egressAllowRules.nonPrivateIPs": bool,
    "cull.enabled": bool,
    "cull.timeout": int,
    "cull.every": int,
    "scheduling.userScheduler.enabled": bool,
    "scheduling.podPriority.enabled": bool,
    "scheduling.userPlaceholder.enabled": bool,
    "scheduling.userPlaceholder.replicas": int,
    "prePuller.continuous.enabled": bool,
}
PROFILE = {"display_name", "description", "slug", "default", "kubespawner_override"}
OVERRIDE = {"mem_guarantee", "mem_limit", "cpu_guarantee", "cpu_limit"}
FILE = {"mountPath", "data", "mode"}


def keys(values, before=""):
    """Yield each key of the values with what stands there, down to the documented ones."""
    for key, value in values.items():
        path = f"{before}{key}"
        if path not in DOCUMENTED and isinstance(value, dict) and value:
            yield from keys(value, f"{path}.")
        else:
            yield path, value


def gigabytes(text):
    number, unit = re.fullmatch(r"([\d.]+)(G|Gi|M)", text).groups()
    return float(number) * {"G": 1, "Gi": 2**30 / 1e9, "M": 0.001}[unit]


@pytest.mark.parametrize(("key", "value"), [*keys(VALUES)], ids=[key for key, _ in keys(VALUES)])
def test_every_key_is_documented_and_of_its_type(key, value):
    assert key in DOCUMENTED, "the chart refuses keys that it does not know"
    allowed = DOCUMENTED[key]
    if isinstance(allowed, tuple) and isinstance(allowed[0], str):
        assert value in allowed
    else:
        assert isinstance(value, allowed)
        assert allowed is bool or not isinstance(value, bool)


def test_a_misspelt_key_would_be_found():
    assert [key for key, _ in keys({"singleuser": {"memory": {"limits": "2G"}}}) if key not in DOCUMENTED]


def test_profiles_and_files_have_the_fields_that_are_read():
    user = VALUES["singleuser"]
    for profile in user["profileList"]:
        assert profile.keys() <= PROFILE
        assert profile.get("kubespawner_override", {}).keys() <= OVERRIDE
    assert [profile.get("default", False) for profile in user["profileList"]].count(True) == 1
    for file in user["extraFiles"].values():
        assert file.keys() <= FILE
        assert Path(file["mountPath"]).suffix in {".json", ".yaml", ".yml", ".toml"}, (
            "data is written by suffix"
        )


def test_the_record_lies_on_the_students_volume_and_the_course_does_not_lie_under_it():
    user = VALUES["singleuser"]
    volume = Path(user["storage"]["homeMountPath"])
    assert volume in Path(user["extraEnv"]["MLCOURSE_HOME"]).parents
    (image,) = re.findall(r"--target-repo-dir (\S+)", GUIDE)
    assert volume not in [Path(image), *Path(image).parents], "the volume would hide the course"
    puller = shlex.split(next(line for line in user["cmd"][2].splitlines() if line.startswith("gitpuller")))
    assert puller[:4] == ["gitpuller", image, "main", "mlcourse"]
    assert user["cmd"][2].rstrip().splitlines()[-1] == 'exec jupyterhub-singleuser "$@"'
    opened = user["defaultUrl"].removeprefix("/lab/tree/mlcourse/")
    assert (ROOT / opened).is_file()


def test_limits_leave_room_and_placeholders_are_evicted_for_students():
    user = VALUES["singleuser"]
    assert 1 <= gigabytes(user["memory"]["guarantee"]) < gigabytes(user["memory"]["limit"])
    assert user["cpu"]["guarantee"] < user["cpu"]["limit"]
    for profile in user["profileList"]:
        override = profile.get("kubespawner_override", {})
        if override:
            assert gigabytes(override["mem_guarantee"]) < gigabytes(override["mem_limit"])
    scheduling = VALUES["scheduling"]
    assert scheduling["podPriority"]["enabled"] or not scheduling["userPlaceholder"]["replicas"]


def test_an_idle_kernel_ends_before_its_server_is_culled_for_good():
    culling = VALUES["singleuser"]["extraFiles"]["culling"]["data"]["MappingKernelManager"]
    assert culling["cull_connected"], "a page left open would keep its server busy for ever"
    assert culling["cull_idle_timeout"] <= VALUES["cull"]["timeout"]


def test_the_guide_installs_by_binders_two_steps_and_its_link_opens_the_start_page():
    from urllib.parse import parse_qs, urlsplit

    assert "-r binder/requirements.txt" in GUIDE
    assert re.search(r"^sudo env PATH=.* binder/postBuild$", GUIDE, re.MULTILINE)
    (link,) = re.findall(r"^https://HUB/\S+$", GUIDE, re.MULTILINE)
    asked = {name: one for name, (one,) in parse_qs(urlsplit(link).query).items()}
    assert asked["repo"] == "/srv/mlcourse"
    assert f"safe.directory {asked['repo']}/.git" in GUIDE
    place = asked["urlpath"].removeprefix(f"lab/tree/{asked['targetpath']}/")
    assert (ROOT / place).is_file()
    assert f"chart {re.search(r'--version (4.[0-9]+)', GUIDE)[1]}" in (FOLDER / "values.yaml").read_text(
        "utf-8"
    )


def test_the_teachers_links_lead_where_they_say():
    from urllib.parse import parse_qs, urlsplit

    from mlcourse._site._launch import launches

    links = re.findall(r"^https://\S+$", (ROOT / "docs" / "teaching.md").read_text("utf-8"), re.MULTILINE)
    binder, pulled, own = links
    start = "notebooks/00_start_here.ipynb"
    assert binder in [one.address for one in launches("https://github.com/OWNER/NAME", "main", start)]
    puller = urlsplit(parse_qs(urlsplit(pulled).query)["urlpath"][0])
    assert puller.path == "git-pull"
    assert {name: one for name, (one,) in parse_qs(puller.query).items()} == {
        "repo": "https://github.com/OWNER/LESSONS",
        "branch": "main",
        "urlpath": f"lab/tree/LESSONS/{start}",
    }
    assert parse_qs(urlsplit(own).query)["urlpath"] == [f"lab/tree/NAME/{start}"]
    assert urlsplit(own).path == "/hub/user-redirect/git-pull"
