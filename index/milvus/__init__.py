"""The index in a Milvus server, for corpora past one machine. `docs/MILVUS.md` tells what is stored and how it is published."""
