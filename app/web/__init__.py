"""The page's own routes beside Streamlit's: pictures, lists, actions, and what guards them."""
