"""Every option and argument of a command line that takes a path or a name, and command lines that use it."""

from __future__ import annotations

from typing import Final

NOWHERE: Final = "http://127.0.0.1:9/v1"

# Each names the path once; what else it needs is in its folder.
EVERY_PATH: Final = {
    "run -c": ("run", "-c", "PATH"),
    "run -o": ("run", "-o", "PATH"),
    "run --sample -o": ("run", "--sample", "-o", "PATH"),
    "run --env-file": ("run", "--no-reports", "--env-file", "PATH"),
    "run --against": ("run", "--no-reports", "--against", "PATH"),
    "run --sample --against": ("run", "--sample", "--no-reports", "--against", "PATH"),
    "compare": ("compare", "PATH", "PATH"),
    "compare -c": ("compare", "-c", "PATH", "night/production.json", "night/staging.json"),
    "compare -o": ("compare", "-o", "PATH", "night/production.json", "night/staging.json"),
    "compare --against": ("compare", "--against", "PATH", "night/production.json", "night/staging.json"),
    "accept -c": ("accept", "--reason", "known", "--from", "night", "-c", "PATH"),
    "accept --from": ("accept", "--reason", "known", "--from", "PATH"),
    "history --history": ("history", "--history", "PATH"),
    "history -c": ("history", "-c", "PATH"),
    "history --html": ("history", "--html", "PATH"),
    "init": ("init", "PATH"),
    "init --force": ("init", "--force", "PATH"),
    "check-config -c": ("check-config", "-c", "PATH"),
    "check-config --env-file": ("check-config", "--env-file", "PATH"),
    "probe --out": ("probe", "--base-url", NOWHERE, "--out", "PATH"),
    "probe --sample --out": ("probe", "--sample", "--out", "PATH"),
    "probe --prompt-file": ("probe", "--base-url", NOWHERE, "--prompt-file", "PATH"),
    "probe --env-file": ("probe", "--base-url", NOWHERE, "--env-file", "PATH"),
    "demo -o": ("demo", "-o", "PATH"),
}

EVERY_NAME: Final = {
    "a command": ("PATH",),
    "run": ("run", "PATH"),
    "run -b": ("run", "-b", "PATH"),
    "run --sample": ("run", "--sample", "PATH"),
    "run --sample -b": ("run", "--sample", "-b", "PATH"),
    "compare -b": ("compare", "-b", "PATH", "night/production.json", "night/staging.json"),
    "accept --rule": ("accept", "--reason", "known", "--from", "night", "--rule", "PATH"),
    "accept --environment": ("accept", "--reason", "known", "--from", "night", "--environment", "PATH"),
    "probe --base-url": ("probe", "--base-url", "PATH"),
    "probe --api-key-env": ("probe", "--base-url", NOWHERE, "--api-key-env", "PATH"),
    "probe --model": ("probe", "--base-url", NOWHERE, "--model", "PATH"),
    "schema": ("schema", "PATH"),
}


def command_line(words: tuple[str, ...], path: str) -> list[str]:
    """Put a path, or a name, into its place."""
    return [path if word == "PATH" else word for word in words]
