"""What imports and exports have in common on their way from a request to their end."""
