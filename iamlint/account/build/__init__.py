"""What files and a configuration say, put together: the accounts that they describe."""
