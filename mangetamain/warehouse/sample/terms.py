"""The synthetic sample's ingredients and tags: plain words and how many recipes hold them, in per cent."""

from __future__ import annotations

from typing import Final

# Straight lines from the share in 1999 over one in 2007, found so that the overall share is met, to the one in 2018.
# Published: overall shares of the top ten, and all differences 2018 less 1999. The other figures are assumed.
MOVING_INGREDIENTS: Final[dict[str, tuple[float, float, float]]] = {  # overall, 1999, 2018
    "salt": (36.443, 36.5, 36.0), "butter": (24.636, 27.0, 21.69), "sugar": (18.968, 23.5, 13.08),
    "onion": (16.104, 18.5, 11.28), "eggs": (15.066, 17.0, 11.26), "olive oil": (14.239, 8.0, 22.24),
    "water": (13.766, 15.0, 10.44), "flour": (11.597, 12.5, 10.0), "milk": (11.361, 12.0, 10.5),
    "kosher salt": (2.6, 0.2, 16.92), "unsalted butter": (2.9, 0.8, 12.57), "black pepper": (6.6, 4.0, 12.05),
    "honey": (4.2, 3.0, 10.71), "cream cheese": (5.0, 4.0, 9.57), "crushed red pepper flakes": (1.3, 0.4, 5.53),
    "garlic powder": (5.2, 4.0, 8.73), "baking soda": (6.5, 9.0, 3.84), "brown sugar": (8.3, 10.5, 5.68),
    "margarine": (2.8, 5.8, 1.02), "cinnamon": (5.55, 10.0, 2.37), "vanilla": (6.1, 10.0, 3.21),
    "cilantro": (1.5, 1.0, 7.09), "quinoa": (0.3, 0.02, 1.5), "kale": (0.25, 0.02, 1.5),
    "coconut oil": (0.3, 0.02, 3.0), "shortening": (1.7, 3.5, 0.6),
}  # fmt: skip
# Shares at given years, straight lines between: a change of vocabulary between 2004 and 2005.
JUMPING_INGREDIENTS: Final[dict[str, tuple[tuple[int, float], ...]]] = {
    "garlic cloves": ((1999, 3.2), (2004, 4.0), (2005, 11.0), (2018, 18.8)),
    "garlic clove": ((1999, 7.8), (2004, 7.2), (2005, 3.4), (2018, 2.0)),
}
STEADY_INGREDIENTS: Final[dict[str, float]] = {
    "pepper": 9.6, "egg": 8.6, "vegetable oil": 8.2, "baking powder": 7.6, "lemon juice": 7.4, "garlic": 7.2,
    "parmesan cheese": 6.3, "all-purpose flour": 6.0, "onions": 5.6, "sour cream": 5.2, "oil": 5.0,
    "cheddar cheese": 4.9, "soy sauce": 4.6, "salt and pepper": 4.6, "worcestershire sauce": 4.0,
    "vanilla extract": 4.0, "extra virgin olive oil": 3.8, "paprika": 3.7, "cornstarch": 3.6, "parsley": 3.5,
    "fresh ground black pepper": 3.4, "celery": 3.3, "green onions": 3.3, "oregano": 3.2, "chili powder": 3.1,
    "ground cumin": 3.0, "ground beef": 2.9, "bacon": 2.8, "lemon": 2.8, "dijon mustard": 2.7, "heavy cream": 2.6,
    "potatoes": 2.6, "tomato": 2.5, "orange juice": 2.4, "mozzarella cheese": 2.3, "carrot": 2.3, "cumin": 2.3,
    "fresh parsley": 2.3, "ground black pepper": 2.2, "raisins": 2.2, "mushrooms": 2.1, "bay leaf": 2.1,
    "tomato sauce": 2.0, "red bell pepper": 2.0, "white sugar": 2.0, "fresh cilantro": 1.9, "red wine vinegar": 1.9,
    "canola oil": 1.8, "green pepper": 1.8, "cream of tartar": 0.4, "balsamic vinegar": 1.7, "white wine": 1.7,
    "tomato paste": 1.7, "buttermilk": 1.7, "thyme": 1.7, "bay leaves": 1.6, "ketchup": 1.6, "cayenne pepper": 1.6,
    "boneless skinless chicken breasts": 1.65, "dried oregano": 1.6, "ginger": 1.5, "rice": 1.5, "fresh ginger": 1.5,
    "bananas": 0.9, "banana": 0.7, "potato": 0.8, "lemons": 0.6, "lime": 0.8, "limes": 0.4, "apple": 0.8,
    "apples": 0.9, "shallot": 0.7, "shallots": 0.8, "celery ribs": 0.7, "celery rib": 0.4, "green onion": 0.8,
    "scallion": 0.5, "scallions": 1.0, "bread": 0.8, "chicken": 1.0, "shrimp": 0.9, "spinach": 0.9, "avocado": 0.6,
    "avocados": 0.4, "cucumber": 1.0, "cabbage": 0.8, "corn": 0.7, "basil": 1.4, "dried basil": 1.3,
    "dried thyme": 1.2, "vinegar": 1.5, "white vinegar": 1.3, "sesame oil": 1.3, "white pepper": 1.1, "nutmegs": 0.05,
    "almonds": 0.9, "coconut": 0.8, "chicken stock": 1.3, "beef broth": 0.9, "vegetable broth": 0.6, "mustard": 1.0,
    "dry mustard": 0.8, "tabasco sauce": 0.8, "cocoa powder": 0.8, "chocolate chips": 0.8, "rolled oats": 0.7,
    "whole wheat flour": 0.8, "yeast": 0.6, "ice": 0.6, "vodka": 0.5, "feta cheese": 1.0, "ricotta cheese": 0.7,
    "plain yogurt": 0.7, "greek yogurt": 0.2, "tofu": 0.15, "peas": 0.3, "frozen peas": 0.6, "rosemary": 0.6,
    "maple syrup": 0.8, "molasses": 0.6, "allspice": 0.6, "ground cloves": 0.7, "turmeric": 0.8, "curry powder": 0.8,
    "garam masala": 0.5, "coriander": 0.5, "ground coriander": 0.7, "lean ground beef": 0.9, "ground turkey": 0.4,
    "cooking spray": 0.9, "nonstick cooking spray": 0.6, "red pepper flakes": 0.9, "diced tomatoes": 0.9, "salsa": 0.9,
    "black beans": 0.8, "kidney beans": 0.5, "chickpeas": 0.5, "cranberries": 0.3, "rhubarb": 0.15, "asparagus": 0.4,
    "brussels sprouts": 0.15, "butternut squash": 0.25, "sweet potato": 0.25, "sweet potatoes": 0.4, "eggplant": 0.5,
}  # fmt: skip
# Winter, spring, summer, autumn (published).
SEASONAL_INGREDIENTS: Final[dict[str, tuple[float, float, float, float]]] = {
    "zucchini": (1.5, 1.7, 2.8, 1.9), "lime juice": (1.3, 1.8, 1.9, 1.2), "ground nutmeg": (1.3, 1.0, 1.0, 1.6),
    "cilantro": (1.3, 1.7, 1.8, 1.2), "red onion": (2.0, 2.8, 3.1, 2.2), "fresh basil": (1.3, 1.6, 2.0, 1.4),
    "pecans": (2.8, 2.2, 2.2, 3.1), "tomatoes": (4.2, 5.4, 6.1, 4.7), "fresh lemon juice": (2.0, 2.5, 2.7, 2.0),
    "chicken broth": (3.8, 3.0, 2.8, 3.6), "nutmeg": (2.8, 2.5, 2.4, 3.3), "ground cinnamon": (3.0, 2.6, 2.6, 3.4),
    "cinnamon": (5.3, 5.0, 5.3, 6.6), "walnuts": (2.8, 2.3, 2.4, 3.0), "mayonnaise": (3.6, 4.3, 4.4, 3.5),
    "garlic clove": (3.9, 4.5, 4.8, 3.8), "powdered sugar": (2.5, 2.1, 2.1, 2.6), "baking soda": (6.9, 5.9, 5.9, 7.3),
    "carrots": (2.8, 2.3, 2.2, 2.7), "vanilla": (6.4, 5.5, 5.6, 6.9),
}  # fmt: skip
# The rest is 'ingredient 00001' and so on: TAIL_CLASSES groups, each tail item of a recipe from another group; in a
# group the shares fall as (rank + TAIL_SHIFT) ** -TAIL_POWER. Fitted to 2,415 ingredients with 50 occurrences and to
# the yearly numbers of distinct ingredients.
TAIL_CLASSES, TAIL_LEVELS, TAIL_SHIFT, TAIL_POWER = 24, 800, 48, 2.9

MOVING_TAGS: Final[dict[str, tuple[float, float, float]]] = {  # overall, 1999, 2018
    "dietary": (71.714, 80.0, 20.38), "occasion": (49.058, 60.0, 15.27), "cuisine": (38.831, 42.0, 21.42),
    "main-ingredient": (73.607, 78.0, 59.46), "60-minutes-or-less": (33.266, 29.0, 40.98), "oven": (25.5, 52.0, 2.91),
    "equipment": (28.5, 58.0, 6.93), "number-of-servings": (24.0, 44.0, 4.29), "north-american": (23.4, 32.0, 10.55),
    "american": (14.9, 27.0, 7.75), "desserts": (18.6, 26.0, 10.98), "for-1-or-2": (4.3, 2.0, 9.97),
    "main-dish": (29.6, 26.0, 33.48), "breakfast": (6.3, 5.0, 9.73), "snacks": (3.2, 2.5, 6.44),
    "seafood": (4.4, 3.5, 7.37), "shrimp": (1.5, 1.0, 4.85), "mexican": (2.8, 2.5, 6.15), "cocktails": (1.0, 0.5, 4.14),
    "pizza": (0.6, 0.3, 3.89),
}  # fmt: skip
STEADY_TAGS: Final[dict[str, float]] = {
    "preparation": 99.9, "time-to-make": 99.83, "course": 94.374, "easy": 55.513, "low-in-something": 37.131,
    "30-minutes-or-less": 24.5, "vegetables": 23.6, "meat": 23.0, "taste-mood": 22.9, "4-hours-or-less": 17.8,
    "low-sodium": 19.6, "vegetarian": 15.95, "beginner-cook": 15.85, "inexpensive": 14.5, "3-steps-or-less": 17.5,
    "low-carb": 18.9, "15-minutes-or-less": 18.0, "healthy": 17.4, "holiday-event": 15.2, "low-cholesterol": 16.0,
    "low-calorie": 15.5, "kid-friendly": 15.0, "5-ingredients-or-less": 14.5, "presentation": 13.5, "side-dishes": 12.8,
    "eggs-dairy": 12.0, "comfort-food": 11.5, "poultry": 10.9, "fruit": 14.8, "to-go": 9.0, "healthy-2": 8.8,
    "appetizers": 8.8, "european": 8.7, "pasta-rice-and-grains": 9.5, "one-dish-meal": 6.96, "chicken": 8.1,
    "beef": 7.2, "low-protein": 9.6, "low-saturated-fat": 8.0, "low-fat": 8.2, "stove-top": 8.0, "dinner-party": 12.5,
    "cookies-and-brownies": 4.1, "cakes": 3.6, "breads": 5.8, "lunch": 8.0, "pork": 5.4, "cheese": 5.3, "potatoes": 4.1,
    "vegan": 4.36, "eggs": 3.93, "asian": 4.9, "italian": 4.4, "soups-stews": 4.7, "pasta": 4.3, "chocolate": 3.6,
    "fish": 3.46, "small-appliance": 3.4, "served-cold": 3.2, "served-hot": 3.4, "spicy": 4.0, "sweet": 3.5,
    "nuts": 3.9, "beans": 3.4, "rice": 2.8, "grains": 2.6, "gluten-free": 2.52, "canadian": 2.0, "kosher": 1.87,
    "heirloom-historical": 1.86, "from-scratch": 1.1, "brunch": 3.0, "casseroles": 2.4, "beverages": 3.5,
    "condiments-etc": 3.5, "weeknight": 4.5, "potluck": 4.2, "finger-food": 2.4, "romantic": 2.0, "novelty": 1.9,
    "crock-pot-slow-cooker": 2.2, "refrigerator": 1.7, "no-cook": 1.7, "microwave": 0.9, "freezer": 1.0,
    "for-large-groups": 3.2, "1-day-or-more": 1.0, "superbowl": 1.5, "easter": 1.3, "halloween": 0.7, "hanukkah": 0.6,
    "independence-day": 1.0, "mothers-day": 0.6, "st-patricks-day": 0.5, "french": 1.5, "indian": 1.6, "thai": 0.9,
    "chinese": 1.2, "irish": 0.7, "spanish": 0.7, "caribbean": 0.8, "australian": 1.5, "southern-united-states": 2.3,
}  # fmt: skip
SEASONAL_TAGS: Final[dict[str, tuple[float, float, float, float]]] = {
    "thanksgiving": (1.9, 0.9, 0.9, 3.9), "summer": (2.2, 4.9, 7.7, 2.4), "fall": (2.9, 1.7, 2.6, 6.1),
    "christmas": (5.0, 1.7, 1.9, 5.6), "barbecue": (1.0, 2.1, 2.7, 1.1), "grilling": (1.2, 2.4, 3.0, 1.2),
    "spring": (1.1, 2.6, 2.3, 1.0), "winter": (4.1, 1.8, 2.3, 4.6), "candy": (1.4, 0.8, 0.7, 1.4),
    "new-years": (1.5, 0.8, 0.7, 1.2), "african": (0.8, 1.4, 1.7, 1.0), "greek": (0.6, 1.3, 1.3, 0.9),
    "valentines-day": (1.6, 1.2, 0.8, 1.0), "squash": (1.3, 1.2, 2.1, 2.2), "gifts": (3.4, 2.3, 2.5, 4.0),
    "berries": (2.0, 3.1, 3.1, 2.0), "picnic": (2.8, 4.0, 4.4, 2.8), "apples": (2.1, 2.0, 1.8, 3.0),
    "salads": (5.4, 7.3, 8.3, 5.3), "tropical-fruit": (2.0, 2.7, 2.8, 1.8),
}  # fmt: skip
# 'tag 001' and so on make up TAGS tags; their shares fall as TAIL_TAG_SHARE * exp(-rank / TAIL_TAG_DECAY).
TAGS, TAIL_TAG_SHARE, TAIL_TAG_DECAY = 510, 3.9, 56.4
