"""The commands of `acpgvc`, one module each. Only typer and cheap modules are imported at the top."""
