"""Files that hold many articles: archives, tables, lists of records."""

from ingest.containers.columns import FIELDS, parse_columns
from ingest.containers.expand import expand
from ingest.containers.member import ContainerOptions, Member, MemberProblem, MemberSkipped

__all__ = [
    "FIELDS",
    "ContainerOptions",
    "Member",
    "MemberProblem",
    "MemberSkipped",
    "expand",
    "parse_columns",
]
