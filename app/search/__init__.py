"""From a query to ranked photos, and why each is there."""
