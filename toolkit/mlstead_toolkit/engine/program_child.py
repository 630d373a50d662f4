"""The process in which programs run: started by path with the program's own interpreter, depends on pulumi alone.

It imports what programs import while the engine still starts, then runs a program as often as it is asked: a preview,
then the change itself. Orders and answers are lines of JSON on a socket whose descriptor is the first argument; what a
program prints goes to the standard output, which the engine reads as messages. The process ends with the socket.
"""

import asyncio
import contextlib
import contextvars
import gc
import importlib
import json
import logging
import os
import queue
import runpy
import signal
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any

END_OF_OUTPUT = "\x1e mlstead: end of output"


def main() -> None:
    """Serve orders until the socket closes."""
    gc.disable()  # collecting while modules load costs a third of the time and finds nothing
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the engine decides what an interrupt means, and ends this process
    channel = socket.socket(fileno=int(sys.argv[1]))
    os.set_inheritable(channel.fileno(), False)
    orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(channel, orders), daemon=True).start()
    try:
        import pulumi.runtime  # noqa: F401
    except ImportError as error:
        _send(channel, {"event": "broken", "message": str(error)})
        return
    for name in sys.argv[2:]:
        with contextlib.suppress(Exception):  # a module that is not there is the program's business, if it wants it
            importlib.import_module(name)
    _prepare()
    gc.freeze()
    gc.set_threshold(500_000, 20, 20)
    gc.enable()
    _send(channel, {"event": "ready"})
    while True:
        order = _next(orders)
        before = set(sys.modules)
        failure = contextvars.copy_context().run(_run, order)
        imported = [name for name in sys.modules if name.startswith(("pulumi_", "mlstead", "pydantic"))]
        _forget(order["directory"], before)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        os.write(1, f"{END_OF_OUTPUT} {order['run']}\n".encode())
        _send(channel, {"event": "finished", "run": order["run"], "error": failure, "modules": imported})


def _next(orders: "queue.SimpleQueue[dict[str, Any]]") -> dict[str, Any]:
    """Wait for an order, and collect what the last run left only while none is there."""
    with contextlib.suppress(queue.Empty):
        return orders.get(timeout=0.1)
    gc.collect()
    return orders.get()


def _listen(channel: socket.socket, orders: "queue.SimpleQueue[dict[str, Any]]") -> None:
    try:
        with channel.makefile("rb") as lines:
            for line in lines:
                orders.put(json.loads(line))
    finally:
        os._exit(0)  # also where a killed engine left answers unread, which shows as a reset connection


def _send(channel: socket.socket, message: dict[str, Any]) -> None:
    channel.sendall((json.dumps(message) + "\n").encode())


def _prepare() -> None:
    """Spare what costs most and serves nobody here: a call to the engine for each debug message, full stack traces."""
    import pulumi
    from pulumi.runtime import resource as registration
    from pulumi.runtime.proto import source_pb2

    pulumi.log.debug = _say_nothing
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)

    def stack_trace() -> source_pb2.StackTrace:
        """Find the place in the program's folder; the innermost three constructors are the SDK's and the type's."""
        root, constructors = f"{Path.cwd()}{os.sep}", 0
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            code = frame.f_code
            if constructors < 3:
                constructors += code.co_name == "__init__"
            elif code.co_filename.startswith(root) and "site-packages" not in code.co_filename:
                place = source_pb2.SourcePosition(uri=Path(code.co_filename).as_uri(), line=frame.f_lineno)
                return source_pb2.StackTrace(frames=[source_pb2.StackFrame(pc=place)])
            frame = frame.f_back
        return source_pb2.StackTrace()

    if hasattr(registration, "_get_stack_trace"):
        registration._get_stack_trace = stack_trace


def _say_nothing(*_: object, **__: object) -> None:
    """Stand in for the SDK's debug messages."""


def _run(order: dict[str, Any]) -> dict[str, Any] | None:
    """Run a program once; returns None or what went wrong, as the message and the place in the user's code."""
    import pulumi
    from pulumi.runtime import settings

    folder, environment, path = Path.cwd(), dict(os.environ), list(sys.path)
    loop = asyncio.new_event_loop()
    executor = ThreadPoolExecutor(max_workers=order["threads"])
    loop.set_default_executor(executor)
    asyncio.set_event_loop(loop)
    try:
        os.chdir(order["directory"])
        os.environ.update(order["environment"])
        sys.path.insert(0, str(Path(order["main"]).parent))
        sys.argv = [order["main"]]
        pulumi.runtime.set_all_config(order["config"], order["secret_keys"])
        settings.reset_options(
            project=order["project"], stack=order["stack"], root_directory=order["directory"],
            parallel=order["threads"], engine_address=order["address"], monitor_address=order["address"],
            preview=order["preview"], organization=order["organization"])

        def program() -> None:
            runpy.run_path(order["main"], run_name="__main__")

        loop.run_until_complete(pulumi.runtime.run_in_stack(program))
    except BaseException as error:
        return _told(error, order["directory"])
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        for task in asyncio.all_tasks(loop):
            task._log_destroy_pending = False  # type: ignore[attr-defined]
        loop.close()
        asyncio.set_event_loop(None)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = path
    return None


def _told(error: BaseException, directory: str) -> dict[str, Any] | None:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(error, SystemExit):
        if error.code in (None, 0):
            return None
        text = error.code if isinstance(error.code, str) else f"the program ended itself with exit code {error.code}"
        return {"kind": "error", "message": text, "where": None}
    if "MlsteadError" in kinds:  # which says where in words; the line is for who asks
        return {"kind": "error", "message": str(error), "where": None, "line": _place(error, directory)}
    if "RunError" in kinds:
        return {"kind": "error", "message": str(error), "where": _place(error, directory)}
    if isinstance(error, SyntaxError):
        return {"kind": "error", "message": f"SyntaxError: {error.msg}", "where": f"{error.filename}:{error.lineno}"}
    text = f"{type(error).__name__}: {error}".rstrip(": ")
    return {"kind": "error", "message": text, "where": _place(error, directory)}


def _place(raised: BaseException, directory: str) -> str | None:
    """Give file:line of the innermost frame that is the user's own code, following the causes of an error."""
    root = directory.rstrip(os.sep) + os.sep
    seen: set[int] = set()
    error: BaseException | None = raised
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        found, trace = None, error.__traceback__
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            if file.startswith(root) and "site-packages" not in file:
                found = f"{file}:{trace.tb_lineno}"
            trace = trace.tb_next
        if found:
            return found
        error = error.__cause__ or error.__context__
    return None


def _forget(directory: str, before: set[str]) -> None:
    """Drop the modules that came from the program's folder, so that the next run, or program, loads its own."""
    root = directory.rstrip(os.sep) + os.sep
    for name in set(sys.modules) - before:
        file = getattr(sys.modules.get(name), "__file__", None) or ""
        if file.startswith(root) and "site-packages" not in file:
            del sys.modules[name]


if __name__ == "__main__":
    main()
