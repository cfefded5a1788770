"""Pure functions of the indicators that are not relational: arrays in, arrays out, no input or output."""
