"""The version of the tool, apart from the package's front door so that every layer can name it."""

VERSION = "0.1.0"
