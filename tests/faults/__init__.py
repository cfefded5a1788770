"""Faults that publishers are known for, played over real sockets: `make faults`."""
