"""What is to be left unless a doctor says so: 别自己吃布洛芬, 不擅自加用, 抗生素不能乱用."""

from __future__ import annotations

import re

#: Without a doctor: 别自己吃, 不擅自加用; of what somebody takes already it is the dose, or the end, that is spoken of (别自己停).
_ALONE = "(?:自己|自行|擅自|私自|随便|随意|胡乱|乱|滥|盲目|贸然)"
_TAKES = "(?:使用|应用|服用|口服|含服|注射|加用|选用|用|吃|服|喝|给|涂|抹|买|打|输|点|滴|贴|含|加(?![量倍减大])|补)"
#: Between a negation and a medicine: 别|自己吃|布洛芬.
UNGUIDED = re.compile(
    f"(?:再|去|先|在家|给(?:孩子|宝宝|老人|他|她))*{_ALONE}(?:再|去|先|在家|乱|反复|给(?:孩子|宝宝|老人|他|她)|上)*{_TAKES}*(?:点|些|任何|其他|别的|家里的?|成人的?|强效|[^,、停换减]{{0,2}}、)*"
)
#: Behind a medicine: 抗生素|不能乱用.
UNGUIDED_AFTER = re.compile(
    f"^(?:类|药物?|片|软膏|药膏|、[^,、不别]{{1,6}})*(?:都|也|均|千万|一定)?(?:不要|不能|不可以?|不宜|不应该?|不得|切勿|切莫|切忌|勿|别|不){_ALONE}(?:去|乱|先|再)*{_TAKES}(?!停)"
)
