"""Bargaining in the shadow of war and over time: states, shifts of power, attrition, risk, random proposers."""
