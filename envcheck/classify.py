"""STAND-IN"""
