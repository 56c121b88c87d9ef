"""``python -m app.cli``: the same as ``clipsearch``, wherever that was installed."""

from app.start import main

if __name__ == "__main__":
    main()
