"""The command line. Each subcommand imports only what it needs, so that help costs nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import plimsoll

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction
    from collections.abc import Sequence

    Commands = _SubParsersAction[ArgumentParser]

CONFIGURATION_STATUS = 3
USAGE_STATUS = 4
UNDECIDABLE_STATUS = 2
INTERRUPTED_STATUS = UNDECIDABLE_STATUS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status (see `plimsoll check --help`)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given in (["--version"], ["-V"]):
        sys.stdout.write(f"plimsoll {plimsoll.__version__}\n")
        return 0
    return _run(given)


def _run(given: list[str]) -> int:
    from plimsoll.environment.problem import (  # noqa: PLC0415 (keeps --version instant)
        ConfigurationError,
        UnknownEnvironmentError,
    )

    options = _parser().parse_args(given)
    try:
        return int(options.run(options))
    except UnknownEnvironmentError as error:
        return _refuse(str(error), USAGE_STATUS)
    except ConfigurationError as error:
        return _refuse(str(error), CONFIGURATION_STATUS)
    except KeyboardInterrupt:
        return _refuse("interrupted: nothing was decided", INTERRUPTED_STATUS)
    except BrokenPipeError:
        sys.stderr.close()
        return UNDECIDABLE_STATUS


def _refuse(message: str, status: int) -> int:
    sys.stderr.write(f"plimsoll: {message}\n")
    return status


def _parser() -> ArgumentParser:
    import argparse  # noqa: PLC0415 (keeps --version instant)

    class Parser(argparse.ArgumentParser):
        """Refuses with the status that the contract gives to wrong usage."""

        def error(self, message: str) -> None:  # type: ignore[override]
            self.print_usage(sys.stderr)
            self.exit(USAGE_STATUS, f"plimsoll: {message}\n")

    parser = Parser(
        prog="plimsoll",
        description="Tells whether a production environment is fit to carry production traffic.",
        epilog="Unknown is never green.",
    )
    parser.add_argument("-V", "--version", action="version", version=plimsoll.__version__)
    commands: Commands = parser.add_subparsers(
        required=True, metavar="COMMAND", parser_class=Parser
    )
    for declare in (_check, _drill, _controls, _validate, _report, _init, _prove):
        declare(commands)
    return parser


def _check(commands: Commands) -> None:
    command = commands.add_parser(
        "check",
        help="check an environment and write reports",
        description="Check an environment, live or mocked, and write reports.",
        epilog="Exit status: 0 ready; 1 blocked by a failure; 2 undecidable; "
        "3 the environment file or a waiver is invalid; 4 wrong usage.",
    )
    option = command.add_argument
    option("env", metavar="ENV", help="a name under environments/, or a file")
    option("--mock", action="store_true", help="check the mocked world of the environment")
    option("--require-live", action="store_true", help="let simulated evidence open no gate")
    option("--area", action="append", default=[], metavar="A", help="only this area (repeatable)")
    option("--control", action="append", default=[], metavar="ID", help="only this control")
    option("--repository", metavar="PATH", help="read the deployed system's files here")
    option("--checks", action="append", default=[], metavar="DIR", help="additional checks")
    option("--out", metavar="DIR", default="reports", help="where to write (default: reports)")
    option("--fault", action="append", default=[], metavar="ID/NAME", help="break the mocked world")
    option("--withhold", action="append", default=[], metavar="SOURCE", help="blind one source")
    option(
        "--exercise",
        action="append",
        default=[],
        metavar="NAME",
        help="allow load, live; `alerting` (minutes, real programs), mocked too",
    )
    option("--fail-on", metavar="SEVERITY", choices=("critical", "high", "medium", "low"))
    option("--no-reports", action="store_true", help="decide only; write nothing")
    option("--no-engineer-log", action="store_true", help="do not write engineer.html")
    command.set_defaults(run=_lazily("check"))


def _drill(commands: Commands) -> None:
    command = commands.add_parser(
        "drill",
        help="show that every control can fail",
        description="Break the mocked world, one "
        "fault at a time, and report which control caught each.",
    )
    command.add_argument("env", metavar="ENV")
    command.add_argument("--control", action="append", default=[], metavar="ID")
    command.add_argument("--processes", type=int, default=2, metavar="N")
    command.add_argument(
        "--exercise",
        action="append",
        default=[],
        metavar="NAME",
        help="show faults, too, that only this exercise can see",
    )
    command.set_defaults(run=_lazily("drill"))


def _controls(commands: Commands) -> None:
    command = commands.add_parser("controls", help="the catalogue, and what an environment covers")
    command.add_argument("env", metavar="ENV", nargs="?")
    command.add_argument("--format", choices=("table", "markdown", "json"), default="table")
    command.add_argument(
        "--checks", action="append", default=[], metavar="DIR", help="additional checks"
    )
    command.set_defaults(run=_lazily("controls"))


def _validate(commands: Commands) -> None:
    command = commands.add_parser("validate", help="check an environment file and its waivers")
    command.add_argument("env", metavar="ENV")
    command.add_argument(
        "--checks", action="append", default=[], metavar="DIR", help="additional checks"
    )
    command.set_defaults(run=_lazily("validate"))


def _report(commands: Commands) -> None:
    command = commands.add_parser("report", help="render a recorded run again")
    command.add_argument("bundle", metavar="BUNDLE", help="a run's folder, or its results.json")
    command.add_argument("--format", required=True, metavar="FORMAT", help="html, markdown, …")
    command.set_defaults(run=_lazily("report"))


def _init(commands: Commands) -> None:
    command = commands.add_parser(
        "init",
        help="write a first environment file from an account",
        description="Write a first environment file from what a DigitalOcean account holds. What "
        "should be is left for you to decide.",
    )
    option = command.add_argument
    option("--out", metavar="FILE", default="production.yaml", help="default: production.yaml")
    option("--system", metavar="NAME", default="My System", help="what the system is called")
    option("--token", metavar="VARIABLE", default="DIGITALOCEAN_TOKEN", help="holds the token")
    option("--mock", metavar="ENV", help="from the mocked account of this environment")
    command.set_defaults(run=_lazily("init"))


def _prove(commands: Commands) -> None:
    command = commands.add_parser(
        "prove",
        help="try the alerting rules: what fires, when, and from where on",
        description="Try the alerting rules on an imaginary system. Only files are read.",
        epilog="Exit status: 0 proven; 1 not so; 2 some of it cannot be told; "
        "3 a file is invalid; 4 wrong usage.",
    )
    option = command.add_argument
    option("env", metavar="ENV", help="an environment; with --rules, a file of rules")
    option("--rules", action="store_true", help="find out what each rule of a file does")
    option("--mock", action="store_true", help="the rules of the mocked world")
    option("--repository", metavar="PATH", help="where the rules are")
    option("--alert", action="append", default=[], metavar="NAME", help="only this alert")
    option("--write", metavar="DIR", help="write the trials as files for promtool")
    command.set_defaults(run=_lazily("prove"))


class _lazily:  # noqa: N801 (reads as an adverb where it is used)
    """Imports a command's module only when it is run."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, options: Namespace) -> int:
        from importlib import import_module  # noqa: PLC0415 (keeps --version instant)

        return int(import_module(f"plimsoll.commands.{self.name}").run(options))


if __name__ == "__main__":
    sys.exit(main())
