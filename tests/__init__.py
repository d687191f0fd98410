"""Tests: units mirror the code, contracts compare whole answers, the rest drives the deployed stack."""
