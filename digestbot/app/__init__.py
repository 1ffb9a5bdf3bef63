"""The only place where adapters are chosen and joined: from settings to what an edition is made with."""
