"""How OpenAI-compatible servers are asked and understood; pure: no network, no disk, no clock."""
