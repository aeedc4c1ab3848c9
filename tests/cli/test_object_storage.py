"""Report folders in object storage: written, read back, compared and merged as folders are, and what fails there."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import anyio
import pytest
from object_storage import ACCESS_KEY, Front, object_storage, use

from cli_runs import run_envcheck
from envcheck.errors import ExitCode
from envcheck.store import objects
from gateways.good import MODELS, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from cli_runs import Ran

HERE: Final = "s3://reports"


@pytest.fixture(scope="module")
def running() -> Iterator[Front]:
    """One storage for all tests of this file; each has a prefix of its own."""
    with object_storage() as front:
        yield front


@pytest.fixture
def front(running: Front) -> Iterator[Front]:
    """The storage, in good health."""
    running.asked.clear()
    running.refuses = lambda _method, _path: None
    yield running
    running.refuses = lambda _method, _path: None


@pytest.fixture
def run(front: Front, envcheck: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run command lines that see the storage's variables."""
    variables = use(front, monkeypatch)
    return lambda *arguments: envcheck(*arguments, variables=variables)


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[None]:
    """Three gateways in environments.toml, of which one lacks a model."""
    lacking = Manner(models=(MODELS[:1],))
    with serving_all([good_gateway(), good_gateway(), good_gateway(lacking)]) as servers:
        tables = (
            f'[environments.{name}]\nbase_url = "{server.base_url}"\nprobes = ["models"]\n'
            for name, server in zip(("production", "staging", "lab"), servers, strict=True)
        )
        (tmp_path / "environments.toml").write_text('baseline = "production"\n' + "".join(tables))
        yield


def in_parts(stdout: str) -> Mapping[str, object]:
    """Give what a comparison says but for when it was made."""
    document: dict[str, object] = json.loads(stdout)
    return {name: value for name, value in document.items() if name in {"environments", "findings", "summary"}}


@pytest.mark.usefixtures("fleet")
def test_a_run_writes_there_what_it_writes_into_a_folder(run: Callable[..., Ran], front: Front, tmp_path: Path) -> None:
    """The same names, and the comparison after all the records it speaks of."""
    ran = run("run", "-o", f"{HERE}/written")
    assert ran.code == ExitCode.DIFFERS, ran.stderr
    assert f"reports: {HERE}/written/comparison.md, {HERE}/written/comparison.json, and 6" in ran.stderr
    run("run", "-o", "folder", "-q")
    assert sorted(front.written) == sorted(path.name for path in (tmp_path / "folder").iterdir())
    assert {name.partition(".")[0] for name in front.written[-2:]} == {"comparison"}


@pytest.mark.usefixtures("fleet")
def test_what_is_there_is_compared_accepted_and_held_against_as_a_folder_is(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    """`compare`, `--against`, `checklist` and `accept --from` read it, and one object beside another too."""
    run("run", "-o", f"{HERE}/night-1", "-q")
    again = run("run", "-o", f"{HERE}/night-2", "--against", f"{HERE}/night-1", "--fail-on-new", "-q")
    assert again.code == ExitCode.OK, again.stdout
    assert run("compare", f"{HERE}/night-1", f"{HERE}/night-2", "-q").code == ExitCode.OK
    folder = run("compare", f"{HERE}/night-1", "-q", "--json")
    files = run("compare", f"{HERE}/night-1/production.json", f"{HERE}/night-1/lab.json", "-q", "--json")
    assert folder.code == files.code == ExitCode.DIFFERS
    assert {each["rule"] for each in json.loads(files.stdout)["findings"]} == {"models.removed"}
    assert run("checklist", f"{HERE}/night-1").stdout.startswith("# ")
    accepted = run("accept", "--from", f"{HERE}/night-1/comparison.json", "--reason", "known", "--dry-run")
    assert "models.removed" in accepted.stdout


@pytest.mark.usefixtures("fleet")
def test_parts_there_are_merged_into_what_one_run_finds(run: Callable[..., Ran]) -> None:
    """Also into a place there, and never over one of the parts."""
    whole = run("run", "--no-reports", "--json", "-q")
    parts = [f"{HERE}/parts/{number}" for number in (1, 2)]
    for number, part in enumerate(parts, start=1):
        run("run", "--shard", f"{number}/2", "-o", part, "-q")
    merged = run("merge", *parts, "-o", f"{HERE}/merged", "--json")
    assert in_parts(merged.stdout) == in_parts(whole.stdout), merged.stderr
    assert merged.code == ExitCode.DIFFERS
    assert run("merge", *parts, "-o", f"{parts[0]}/").code == ExitCode.USAGE


def test_what_is_not_there_is_said_as_of_a_folder(run: Callable[..., Ran]) -> None:
    """A prefix without an object is nothing, a first night has nothing to go by, and a part is missing."""
    assert run("compare", f"{HERE}/nothing").code == ExitCode.USAGE
    assert run("merge", f"{HERE}/nothing").code == ExitCode.INCONCLUSIVE
    assert run("accept", "--from", f"{HERE}/nothing/comparison.json", "--reason", "x").code == ExitCode.USAGE
    first = run("run", "--sample", "--against", f"{HERE}/nothing")
    assert "holds no earlier comparison yet" in first.stderr


@pytest.mark.parametrize(
    ("status", "why"), [(503, "the storage answered 503"), (403, "the credentials in the variables are refused")]
)
def test_a_storage_that_refuses_costs_the_reports_and_not_the_result(
    run: Callable[..., Ran], front: Front, monkeypatch: pytest.MonkeyPatch, status: int, why: str
) -> None:
    """Exit 6, the table on stdout, one line, nothing of a key in it, and no comparison without its records."""
    monkeypatch.setattr(objects, "RETRY_S", 0.2)
    front.refuses = lambda _method, _path: status
    ran = run("run", "--sample", "-o", f"{HERE}/refused-{status}")
    assert ran.code == ExitCode.NOT_WRITTEN
    assert "staging" in ran.stdout
    assert why in ran.stderr
    assert "more like it" in ran.stderr
    assert ACCESS_KEY not in ran.stderr + ran.stdout
    assert "comparison.json" not in front.written


def test_a_storage_that_says_nothing_is_not_waited_for_without_end(
    run: Callable[..., Ran], front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request ends by the clock, and what was not begun by then is not tried."""
    monkeypatch.setattr(objects, "REQUEST_S", 0.3)
    monkeypatch.setattr(objects, "RETRY_S", 0.3)
    front.refuses = lambda _method, _path: 0
    ran = run("run", "--sample", "-o", f"{HERE}/silent")
    assert ran.code == ExitCode.NOT_WRITTEN
    assert "could not be reached, or did not answer in time" in ran.stderr


def test_a_bucket_that_is_not_there_is_named_as_what_is_missing(run: Callable[..., Ran]) -> None:
    """The bucket is what the user has to make, when it is written to and when it is read."""
    written = run("run", "--sample", "-o", "s3://no-such-bucket/x")
    assert written.code == ExitCode.NOT_WRITTEN
    assert "cannot be written (there is no such bucket)" in written.stderr
    read = run("compare", "s3://no-such-bucket/x")
    assert read.code == ExitCode.INCONCLUSIVE
    assert "cannot be read (there is no such bucket)" in read.stderr
    one = run("compare", "s3://no-such-bucket/x.json", "s3://no-such-bucket/y.json")
    assert "cannot be read (there is no such bucket)" in one.stderr


def test_one_refusal_that_passes_is_tried_again(run: Callable[..., Ran], front: Front) -> None:
    """A storage that is asked to slow down for a moment is no fault."""
    refused: list[str] = []

    def once(method: str, path: str) -> int | None:
        if method != "PUT" or path in refused:
            return None
        refused.append(path)
        return 503

    front.refuses = once
    ran = run("run", "--sample", "-o", f"{HERE}/passing")
    assert ran.code == ExitCode.FAILED, ran.stderr
    assert refused


def test_an_object_that_fails_keeps_the_comparison_from_being_written(
    run: Callable[..., Ran], front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads there later finds no comparison whose records are of another run."""
    monkeypatch.setattr(objects, "RETRY_S", 0.2)
    front.refuses = lambda _method, path: 503 if path.endswith("/staging.json") else None
    ran = run("run", "--sample", "-o", f"{HERE}/half")
    assert ran.code == ExitCode.NOT_WRITTEN
    assert "comparison.json" not in front.written


def test_a_storage_that_fails_while_it_is_read_is_told(
    run: Callable[..., Ran], front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--against` goes on without it, a part is left out, and what cannot be compared is inconclusive."""
    monkeypatch.setattr(objects, "RETRY_S", 0.2)
    front.refuses = lambda _method, _path: 503
    ran = run("run", "--sample", "--against", f"{HERE}/earlier")
    assert ran.code == ExitCode.FAILED
    assert "nothing is called new or unchanged" in ran.stderr
    assert run("compare", f"{HERE}/earlier").code == ExitCode.INCONCLUSIVE
    merged = run("merge", f"{HERE}/earlier")
    assert merged.code == ExitCode.INCONCLUSIVE
    assert "the storage answered 503" in merged.stderr


def test_a_stale_comparison_is_renamed_there_too(
    run: Callable[..., Ran], front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that writes no JSON leaves none that would be taken for its own; where that fails it is said."""
    run("run", "--sample", "-o", f"{HERE}/stale", "-q")
    ran = run("run", "--sample", "-o", f"{HERE}/stale", "-f", "markdown")
    assert "it is kept as comparison.json.old" in ran.stderr
    run("run", "--sample", "-o", f"{HERE}/stale", "-q")
    monkeypatch.setattr(objects, "RETRY_S", 0.2)
    objects._store.cache_clear()
    front.refuses = lambda method, _path: 503 if method == "PUT" else None
    assert "remove it" in run("run", "--sample", "-o", f"{HERE}/stale", "-f", "markdown").stderr
    front.refuses = lambda _method, _path: 503
    assert run("run", "--sample", "-o", f"{HERE}/stale", "-f", "markdown").code == ExitCode.NOT_WRITTEN


def test_what_no_run_can_have_written_is_not_read(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound on a saved file holds for objects, and for those that are fetched ahead."""
    run("run", "--sample", "-o", f"{HERE}/large", "-q")
    monkeypatch.setattr("envcheck.store.remote.SAVED_LIMIT", 100)
    assert "envcheck did not write it" in run("compare", f"{HERE}/large").stderr


@pytest.mark.usefixtures("fleet")
def test_a_broken_comparison_that_is_replaced_is_kept_beside_it(run: Callable[..., Ran], front: Front) -> None:
    """As in a folder: a run that goes by an unreadable comparison does not destroy it."""
    use_it = objects._store("s3://reports")
    use_it.put("broken/comparison.json", b"{")
    ran = run("run", "-o", f"{HERE}/broken", "--against", f"{HERE}/broken")
    assert "it is kept as comparison.json.old" in ran.stderr


def test_the_storages_credentials_are_secrets(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """A gateway that says one of them is redacted, and a saved report that holds one is not shown."""
    words = "correct-horse-battery-staple"  # which nobody would redact for its shape
    echoing = good_gateway(Manner(models=((MODELS[0], words),)))
    with serving_all([good_gateway(), echoing]) as servers:
        tables = (
            f'[environments.{name}]\nbase_url = "{server.base_url}"\nprobes = ["models"]\n'
            for name, server in zip(("production", "staging"), servers, strict=True)
        )
        (tmp_path / "environments.toml").write_text('baseline = "production"\n' + "".join(tables))
        ran = envcheck("run", "-o", "kept", variables={"AWS_SECRET_ACCESS_KEY": words})
    kept = "".join(path.read_text() for path in (tmp_path / "kept").iterdir())
    assert words not in kept + ran.stdout + ran.stderr
    assert ran.code == ExitCode.DIFFERS


def test_there_is_no_lock_to_wait_for(run: Callable[..., Ran], tmp_path: Path) -> None:
    """What cannot be had is refused before anything is sent."""
    (tmp_path / "environments.toml").write_text('[environments.only]\nbase_url = "http://127.0.0.1:9/v1"\n')
    ran = run("run", "-o", f"{HERE}/locked", "--wait-for-lock", "10m")
    assert ran.code == ExitCode.USAGE
    assert "object storage has no lock" in ran.stderr


def test_variables_that_say_too_little_are_a_mistake_of_usage(run: Callable[..., Ran]) -> None:
    """Azure's account is no part of the address, so it has to come from a variable."""
    ran = run("run", "--sample", "-o", "az://container/x")
    assert ran.code == ExitCode.USAGE
    assert "az://container" in ran.stderr


def test_without_the_package_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 2, before anything is sent."""
    find_spec = importlib.util.find_spec
    monkeypatch.setattr("envcheck.cli.options.find_spec", lambda name: None if name == "obstore" else find_spec(name))
    ran = run_envcheck("compare", "s3://bucket/x")
    assert ran.code == ExitCode.USAGE
    assert "python -m pip install 'llm-envcheck[s3]'" in ran.stderr


def test_an_address_of_something_else_is_refused_by_its_option() -> None:
    """Else a folder `http:` would be made."""
    ran = run_envcheck("run", "--sample", "-o", "http://host/reports")
    assert ran.code == ExitCode.USAGE
    assert "is a URL that is no object storage" in ran.stderr


def test_nobody_loads_obstore_who_does_not_use_it(tmp_path: Path) -> None:
    """It costs as much as the rest of a start, and `compare` of a folder needs none of it."""
    code = (
        "import sys; from envcheck.cli.boundary import run_command_line; from envcheck.cli.console import"
        " standard_console; run_command_line(['run', '--sample', '-o', 'x'], standard_console());"
        " sys.exit('obstore' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, env=os.environ, check=False)
    assert done.returncode == 0, done.stderr


def test_a_list_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page may say that there is another, for ever."""

    class Endless:
        async def list_with_delimiter_async(self, _prefix: str) -> None:
            await anyio.sleep_forever()

    monkeypatch.setattr(objects, "LIST_S", 0.05)
    monkeypatch.setattr(objects, "_store", lambda _root: Endless())
    ran = run_envcheck("compare", "s3://reports/fleet")
    assert ran.code == 5
    assert "s3://reports/fleet: cannot be read (the list of what is there does not end)" in ran.stderr
