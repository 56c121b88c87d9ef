"""The bundled model: ``open_clip_config.json`` and its weights; see ``MODEL_CARD.md``."""
