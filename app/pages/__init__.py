"""One module a page, each a function handed to ``st.Page``."""
