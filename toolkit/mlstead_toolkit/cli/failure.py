"""How a command fails: what is wrong, where, and what to type next, on stderr; a traceback only ever in a file."""

from __future__ import annotations

import errno
import http.client
import sys
import time
import traceback

from mlstead.errors import MlsteadError
from mlstead_toolkit.project import ACTING_AS, LOCAL, acting_as

FAILED, DEFECT = 1, 70
_DENIED = ("AccessDenied", "UnauthorizedOperation", "AuthorizationError", "Forbidden", "not authorized")
"""How AWS says, in a code or in words, that somebody may not do something."""


def report(error: Exception) -> int:
    """Print the error and give the exit code: 1 for what the reader can mend, 70 for a defect of mlstead."""
    told = error if isinstance(error, MlsteadError) else translate(error)
    if told is None:
        sys.stderr.write(_defect(error))
        return DEFECT
    _print(told)
    return FAILED


def translate(error: Exception) -> MlsteadError | None:
    """Turn an error of a library into one that says where and how to mend it; None for what nobody expected."""
    module = type(error).__module__.split(".")[0]
    if module == "boto3" and isinstance(error.__context__, Exception):
        return translate(error.__context__)  # a transfer wraps what S3 said
    if module == "botocore":
        return _from_aws(error)
    if isinstance(error, (ConnectionError, http.client.HTTPException)):
        return MlsteadError(f"A connection broke: {error}", where="the local cloud, or the network",
                            fix="mlstead cloud status, mlstead cloud logs; then run the same command again")
    if isinstance(error, OSError):
        return _from_system(error)
    return None


def _from_aws(error: Exception) -> MlsteadError:
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        problem = response.get("Error", {})
        operation, code = getattr(error, "operation_name", ""), str(problem.get("Code"))
        fix = ("do it as a role that may: mlstead access roles ENV lists them, mlstead access can ENV ROLE ACTION asks"
               if code.startswith(_DENIED) else "mlstead doctor checks the credentials and the local cloud; "
               "mlstead up --refresh brings back what is missing")
        return MlsteadError(f"AWS refused {operation}: {problem.get('Message') or code}",
                            where=f"{operation} ({code})", fix=fix)
    name = type(error).__name__
    if "Credential" in name or "Token" in name or "SSO" in name:
        return MlsteadError(f"There are no usable AWS credentials: {error}", where="the AWS credential chain",
                            fix="sign in (aws sso login), or work on this machine: the environment `local` needs none")
    return MlsteadError(f"AWS did not answer: {error}", where=name,
                        fix="for local: mlstead cloud status, then mlstead up local; else check the network")


def _from_system(error: OSError) -> MlsteadError | None:
    where = str(error.filename) if error.filename else None
    if error.errno == errno.ENOSPC:
        return MlsteadError("The disk is full.", where=where, fix="free some space, then run the same command again")
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return MlsteadError("The system refused access.", where=where,
                            fix="give yourself the right to write there, or set MLSTEAD_HOME to a folder of your own")
    if isinstance(error, FileNotFoundError) and where:
        return MlsteadError("A file or program is missing.", where=where, fix="mlstead doctor names what is missing")
    return None


def _print(error: MlsteadError) -> None:
    from mlstead_toolkit.cli.console import err

    console = err()
    console.print("error: ", style="bold red", end="")
    console.print(error.what, markup=False)
    for label, text in (("where", error.where), ("as", _signer(error)), ("fix", error.fix)):
        if text:
            console.print(f"  {label + ':':<7}", style="dim", end="")
            console.print(text, markup=False)


def _signer(error: MlsteadError) -> str | None:
    """Say who was refused, where that is not the developer."""
    if not acting_as() or not any(word in f"{error.what} {error.where}" for word in _DENIED):
        return None
    return f"{acting_as()} ({ACTING_AS}); name the role whose work it is (mlstead access roles {LOCAL}), or unset it"


def _defect(error: Exception) -> str:
    """Write the traceback beside the state, and give the one line that the terminal shows."""
    from mlstead_toolkit.home import home_directory

    line = f"error: mlstead met a defect of its own: {type(error).__name__}: {error}\n"
    try:
        folder = home_directory() / "crashes"
        folder.mkdir(exist_ok=True)
        file = folder / time.strftime("%Y%m%dT%H%M%S.txt")
        body = "".join(traceback.format_exception(error))
        file.write_text(f"{' '.join(sys.argv)}\n{body}", encoding="utf-8")
    except (OSError, MlsteadError):
        return line
    return f"{line}  where: {file}\n  fix:   report it with that file; mlstead doctor says what else is off\n"
