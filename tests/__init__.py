"""Makes this folder the package `tests`: a peer among the dependencies installs one of the same name."""
