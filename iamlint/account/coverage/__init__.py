"""Which changes of the policies the questions of a test run would notice."""
