"""What the tests share: both profiles stand up in the background while the static checks run."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from workspace import MOCKED_OVERRIDE, Emulator, Stack, Workspace, write_cli_config

PROFILES = ["document", "lean"]
STACKS = []


@pytest.fixture(scope="session")
def cli_config(tmp_path_factory):
    return write_cli_config(tmp_path_factory.mktemp("cli"))


@pytest.fixture(scope="session")
def workspace(tmp_path_factory, cli_config):
    workspace = Workspace(tmp_path_factory.mktemp("static") / "terraform", cli_config)
    workspace.terraform("init", "-backend=false", "-input=false")
    return workspace


@pytest.fixture(scope="session")
def mocked(tmp_path_factory, cli_config):
    """A workspace for `terraform test`, and an emulator for the one file that cannot be mocked."""
    folder = tmp_path_factory.mktemp("mocked")
    workspace = Workspace(folder / "terraform", cli_config)
    (workspace.folder / "mocked_override.tf").write_text(MOCKED_OVERRIDE)
    emulator = Emulator(folder / "emulator.log")
    workspace.environment |= {
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_REGION": "eu-west-3",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    workspace.terraform("init", "-backend=false", "-input=false")
    yield workspace
    emulator.stop()


@pytest.fixture(scope="session")
def stacks(tmp_path_factory, cli_config):
    """Futures by profile; an apply is mostly waiting, so both go on at once."""
    folder = tmp_path_factory.mktemp("stacks")
    stacks = {profile: Stack(profile, folder / profile, cli_config) for profile in PROFILES}
    STACKS.extend(stacks.values())
    with ThreadPoolExecutor() as pool:
        yield {profile: pool.submit(stack.stand_up) for profile, stack in stacks.items()}
    for stack in stacks.values():
        stack.emulator.stop()


@pytest.fixture(scope="session", autouse=True)
def _begin_at_once(request):
    if any("stack" in item.fixturenames for item in request.session.items):
        request.getfixturevalue("stacks")


@pytest.fixture(scope="session", params=PROFILES)
def stack(request, stacks):
    try:
        return stacks[request.param].result()
    except Exception:
        pytest.fail("it did not stand up: the reason is at the end", pytrace=False)


def pytest_terminal_summary(terminalreporter):
    """How long each step of a profile took, and what kept it from standing."""
    for stack in STACKS:
        steps = ", ".join(f"{step} {seconds} s" for step, seconds in stack.seconds.items())
        terminalreporter.write_line(f"{stack.profile}: {steps}")
        if stack.failure:
            terminalreporter.write_line("\n".join(stack.failure.splitlines()[-20:]))


def pytest_collection_modifyitems(items):
    """What needs no stack runs while the stacks are made."""
    items.sort(key=lambda item: "stack" in item.fixturenames or "stacks" in item.fixturenames)
