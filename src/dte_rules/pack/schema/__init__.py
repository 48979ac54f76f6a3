"""The pack's format as Pydantic models; a JSON Schema for editors is generated from them."""
