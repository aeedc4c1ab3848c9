"""What a shell is given by `--install-completion`, where typer's own does not do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ASKED_BY_A_SHELL: Final = "_ENVCHECK_COMPLETE"
"""The variable by which a shell asks what to complete."""
_FISH_ASKS: Final = "_TYPER_COMPLETE_FISH_ACTION"

# zsh runs the file at the first TAB after a start, and waits for an answer. typer's file only registers the function,
# so that the first TAB of every shell rang the bell: seen with typer 0.29.2 in zsh 5.9.
_ZSH: Final = """
#compdef %(prog_name)s

%(complete_func)s() {
  eval $(env _TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" %(autocomplete_var)s=complete_zsh %(prog_name)s)
}

compdef %(complete_func)s %(prog_name)s
if [[ $funcstack[1] == _%(prog_name)s ]]; then
  %(complete_func)s "$@"
fi
"""


def give_zsh_a_script_that_answers() -> None:
    """Put the script in the place of typer's; a typer that keeps it elsewhere gives its own."""
    scripts: dict[str, str] = getattr(sys.modules.get("typer._completion_shared"), "_completion_scripts", {})
    scripts["zsh"] = _ZSH


def is_answered_by_its_code(variables: Mapping[str, str]) -> bool:
    """Tell whether fish asks if there is anything to complete, to which exit code 1 is the answer that there is not."""
    return ASKED_BY_A_SHELL in variables and variables.get(_FISH_ASKS) == "is-args"
