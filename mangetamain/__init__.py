"""Twenty years of home cooking on Food.com: did it become simpler, lighter and better liked?"""
