"""What a typed question says of its own words, clause by clause: is this happening, now, to a human being?

The same words are an emergency in one sentence and none in the next: 没有胸痛, 去年中风过, 电影里, 什么是休克, 怕以后猝死,
狗狗抽搐. So every word that the rules of `corpus.red_flags` find is asked here whether it counts. The answer is worked
out by the clause and not by the whole question, because people tell a danger in the middle of a long story.

How it is read. A question is cut into segments at marks and blanks, and segments into clauses before words that turn
the story (但是, 现在, 后来). Four things carry over from clause to clause: a frame (a film, an examination, hearsay) until
somebody real appears; a past date until the last word of how it ended; an animal until a human being appears; and a
doctor's all-clear, which reaches back over what was told before it. Everything else holds in its own clause only.
In doubt a word counts, because a needless warning costs less than a missed one.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

MAX_CLAUSE = 120

# What ends a segment. A full stop between digits is a decimal point and no end.
SEPARATORS = ",，。!?;:、()\\[\\]{}<>《》【】「」“”\"'‘’…~～/|\\s"
_SEPARATOR = re.compile(rf"[{SEPARATORS}]+|\.(?!\d)|(?<!\d)\.")

# Words before which the story turns; they begin a clause even where nobody typed a mark.
_TURN = re.compile(
    "但是|但(?!凡|愿)|不过|可是|只是|然而|而是|后来|现在|然后|接着|结果|今天|今早|今晚|今儿|昨天|昨晚|昨夜|刚才|刚刚|这会|这两天|这几天"
    "|突然|忽然|目前|最近|去年|前年|以前|上个月|想问|请问|医生说|大夫说|送到?医院|到了?医院|之后|我想|听说|结果"
)


class Doubt(StrEnum):
    """Why a word found in a question does not name a danger of this moment."""

    NEGATED = "negated"
    PAST = "past"
    STORY = "story"
    LOOKUP = "lookup"
    WORRY = "worry"
    HYPERBOLE = "hyperbole"
    MILD = "mild"
    ANIMAL = "animal"
    RESOLVED = "resolved"
    TREATED = "treated"


_NUMBER = r"[\d一二两三四五六七八九十几多半好]+"
_KIN = (
    r"(?:爸|妈|爹|娘|父亲|母亲|老公|老婆|丈夫|妻子|爱人|媳妇|婆婆|公公|岳父|岳母|丈母娘|老丈人|爷爷|奶奶|姥姥|姥爷|外公|外婆|阿公|阿婆|哥|姐|弟|妹|叔|伯|"
    r"姑|姨|舅|婶|嫂|儿子|女儿|闺女|孩子|小孩|娃|宝宝|宝贝|孙子|孙女|侄|外甥|同学|室友|同事|朋友|闺蜜|男友|女友|男朋友|女朋友|对象|老板|邻居|师傅|工友|老伴|老头|老汉|老太|家)"
)
_SELF = rf"(?:我|俺|咱)(?:们)?的?(?:{_KIN}|自己|刚|现在|突然|今|昨|这)"
_PEOPLE = rf"{_KIN}|我|俺|咱|病人|患者|老人|大爷|大妈|大叔|大哥|大姐|小伙|姑娘|男的|女的|婴儿|新生儿|孕妇"

PRESENT = re.compile(
    "现在|刚才|刚刚|刚(?!好|需|性|果)|今天|今日|今早|今晚|今晨|今夜|今儿|今朝|今个|今(?:上|中|下)午|昨天|昨晚|昨夜|昨儿|昨日|前天|前晚|这会|此刻|眼下|目前|当下|正在|正(?=抽|疼|痛|流|吐|喘|发)"
    "|这两天|这几天|这几日|最近|这阵|近来|近日|又犯|复发了|又开始|又(?:疼|痛|晕|抽|吐|喘|昏|发作)|分钟(?:之|以)?前|小时(?:之|以)?前|个钟头?(?:之|以)?前|这次|这回|昨下午|天没亮|这一刻"
)
_ACUTE = re.compile(
    PRESENT.pattern + "|突然|忽然|猛地|一下子|加重|越来越|快不行|救命|救救|急急|怎么急救|先做什么|止不住|叫不醒|手足口|高烧|冷汗"
)
_CHRONIC = re.compile(
    rf"(?:{_NUMBER}个?[多来]?|很多|多|大半)年(?:了|多|来|$)|{_NUMBER}个?多?月(?:了|多|来)|长期(?!透析|导管|管|吃|服|用|口服|卧床|吸氧|打|注射|喝|激素|化疗)|常年(?!吃|服|用|打)|一直都?这样|经常|老是|(?<!孩子)(?<!宝宝)(?<!娃)总是|总爱|老觉得|总觉得|老感觉|总感觉|总想着?|(?<!一)动不动|反复|每次|每到|隔三差五|时不时|好久了|从小(?!腿|臂|肚|腹|便|凳|车|床|路|巷|店|屋|坡|山|桥|楼|船|孩|娃|到大)"
)
_LENGTH = re.compile(rf"(?:{_NUMBER}个?[多来]?|很多|多|大半)年(?:了|多|来)?|{_NUMBER}个?多?月(?:了|多|来)")
#: A complaint of weeks, whatever 最近 it also says; only a word of this very hour outweighs it.
_CHRONIC_SURE = re.compile(
    rf"(?:最近|近期|近来|这段时间|这阵子?)[^,。]{{0,6}}(?:总是|总|老是|老(?!人|公|婆|爸|妈|师|爷|太|伴|头)|经常|常常|时常)|有时候?(?:会|就|也|还)?|一段时间|几乎每天|每天都|终年|至今|后遗症|恢复期|康复期|{_NUMBER}年来|多年来|(?:二|三|四|五|六|七|八|九)十(?:多|来)天(?:了|,|$)|间断|阵发性(?!的?(?:哭|腹|肚|绞))|偶发"
)
_NOW = re.compile(
    "突然|忽然|猛地|一下子|刚(?!好|需|性|果|开始)|今天|今早|今晚|今晨|今儿|现在(?!几乎|每|经常|还经常|有时)|昨晚|昨天|昨夜|此刻|正在|救命|加重|越来越|快不行|叫不醒|止不住|半夜|分钟前|小时前"
)
#: What stands before a length of time that is no illness's: 怀孕六个多月了, 宝宝才五个月了.
_SAYS_HOW_OLD = re.compile("(?:怀(?:孕|着|了|上)?|孕|宝宝|孩子|娃儿?|婴儿|儿子|女儿|闺女)(?:也|已经?|才|刚|都|有|快|满|出生)*$")
_PAST_DATE = re.compile(
    rf"(?<![\d一二三四五六七八九十])(?:[09]\d|[零〇九][零〇一二三四五六七八九])年(?!了|多|来|级|龄)|去年|前年|上年|往年|(?:{_NUMBER}|很多|多|若干)个?(?:年|月)(?:之|以)?前|{_NUMBER}(?:周|星期|礼拜)(?:之|以)?前|半个?月前|小时候|小的时候|年轻(?:时|的时候|那会)|当年|那年|那时候?|那会儿?|上个?月|"
    rf"上上|早年|年初|(?:怀|生)(?:老大|大宝|头胎|一胎|第一胎)|(?:19|20)\d\d年|儿时|童年|{_NUMBER}岁(?:那年|的时候|时)"
)
_PAST_LOOSE = re.compile(
    r"以前|前阵子?|前段时间|前些(?:天|日子)|暑假里|寒假里|刚出院那阵|(?<!小时)(?<!分钟)(?<!天)(?<!钟)之前(?!都?好好|没)|曾|从前(?!胸|面|额|往)|(?:得|做|有|患|发|住|犯|出|打|中|开|晕|抽|吐|摔|撞|喝|吃|闹|被?咬|烫|烧|割|流|断|骨折|溺水|中毒|骨裂|自杀|自残)过(?!去|来)|病史|既往|后遗症|康复期|恢复期|"
    r"(?:术|病|产)后(?:恢复|康复|饮食|保养|护理|复查)|老毛病"
)
_OUTCOME = re.compile(
    "手术|钢板|内固定|住院|住了|出院|康复|恢复|治好|救回来|救过来|抢救|查出来?是|确诊|支架|痊愈|医好|拆线|后来|送.{0,2}医院|好了|诊断|说是"
)

_TREATED = re.compile(
    "(?:医生|大夫|医院|急诊|眼科|口腔科|检查|复查|产检|孕检|胎监|体检|拍了?片|ct|核磁|b超|彩超|化验|心电图|胃镜).{0,10}(?:没事|没问题|正常|没有问题|不要紧|没大碍|愈合|吸收|张开|无异常|没伤到|没啥|挺好|都好|良好|排除)"
    "|(?:啥|什么)(?:都|也)没查出|没查出(?:什么|啥|来|毛病|问题)|查.{0,6}(?:又|也|都)没(?:啥)?(?:毛病|问题|事|异常)"
    "|(?:已经?|都|也)?出院|拆线|拆了线|(?:已经?|都)(?:治好|痊愈|治愈|缝好|处理好)|治好了|康复了|康复期|康复训练|恢复期|恢复得|恢复(?:挺|很|不错)|伤口(?:都|早|已经?)?(?:长好|愈合|结痂|结疤)|结痂掉|(?:大便|便便|粑粑|屎)里.{0,3}(?:找|看|发现)(?:着|到)了|打完(?:了)?(?:全程|[三四五]针)|疫苗(?:全|都|也|已经)?打完了?|取出来了.{0,4}(?:没事|好)"
    "|(?:目前|现在|还|正)在?(?:住院|icu|监护室|重症)|在(?:icu|监护室|重症)|住院(?:已经?)?(?:了|一个|[\\d一二两三四五六七八九十]+)(?:天|周|个?(?:星期|礼拜|月))|(?<!表弟就)(?<!表妹就)(?<!别人就)(?<!邻居就)(?<!自己)拉出来了(?!行|吗)|排出来了|复查.{0,12}(?:[七八]点多|正常|好)|(?:手术|术)后.{0,4}(?:天|月|周).{0,6}(?:结痂|愈合)|刀口.{0,4}结痂"
    "|(?:医生|大夫|护士)[^,。]{0,4}说(?:这)?(?:是|属于)(?:假性|生理性|正常|功能性|良性)|(?:洗了胃|洗过胃|解毒|输完液|打了针).{0,6}(?:好了|没事|出来了)|控制得?(?:挺|很|不错|稳|好)|控制(?:住了|稳定)"
)
#: What a doctor said to expect is no all-clear.
_ADVISED = re.compile("是不是|再等|等等|等一等|就等着|交代|嘱咐|说过|叮嘱|让我们?出院|不去|不肯|没去|不敢去|去年|以前")
_WENT_HOME = re.compile("出院")
_WORSE = re.compile("刚才|刚刚|越来越|突然|忽然|今天.{0,6}又|现在.{0,8}(?:还|一直|更|又)")
_RESOLVED = re.compile(
    "(?<![不会该就买写备攒藏绑系想选打约关锁找穿装算排收做说配])(?<!应该)(?<!以为)(?<!安排)(?<!准备)(?<!收拾)好了(?!几|多|半|吗|没|嘛|么|吧|的)|好多了(?!吗|没)|没事了(?!吗|吧|么)|没事儿了|不疼了|不痛了|不喘了|不晕了|不吐了|不烧了|不肿了|退烧了|(?:包|肿|红|疹子|疙瘩)(?:也|都|已经|早|就|全)*(?:消|退)(?:了|下去)(?!吗|么|没)|缓解了(?!吗|没)|消失了|止住了|血止住|止血了|(?<!睡)(?<!昏)(?<!晕)(?<!背)(?<!死)(?<!抽)(?<!疼)(?<!痛)(?<!厥)(?<!闭)(?<!噎)(?<!扛)(?<!抗)(?<!劲)(?<!说.就)(?<!下就)过去了|正常了|恢复了|恢复正常|不流了|(?:自己|后来|已经|终于)(?:自己|就|也)?下去了|(?:一会儿?|一下|半天|分钟|片刻)(?:后)?就(?:好|止住|停|不流|恢复|缓过来)了|没再|(?<=[刺虫子片物骨币珠])拔出来了|(?:刺|异物|骨头|硬币|珠子|虫子|东西).{0,4}(?:拔|取|弄)出来了|吐出来了|咽下去了|弄出来了|自己(?:爬|飞)出来了"
)
#: Pain that ends because the nerves or the flesh are dead is no recovery.
_NUMB = re.compile("皮.{0,3}(?:白|焦|黑)|焦(?:黑|了)|没(?:有)?知觉|没(?:有)?感觉|发麻|肚子.{0,4}硬")
_PAINLESS = ("不疼了", "不痛了")
#: The dead need no ambulance; what killed them is a story.
_DEAD = re.compile(
    "(?:药|百草枯|敌敌畏|楼|吊|河|江|腕|车祸|心梗|脑溢血|中风|淹)(?:后|就|人|给|都|已经)*(?:死|没|走)(?:了|掉)(?!算|吧|一|多好|才|就好)|没(?:抢)?救(?:过来|回来|活)|(?:去|过)世(?:了|的|后|前)|人(?:已经|就|都)?(?:没|走)了(?!呼吸|气|知觉|意识|反应|脉)(?=[,。!?、]|$)|已经火化|办(?:完)?丧事|头七"
)
#: Who wants to follow the dead is in danger.
_GRIEF = re.compile(
    "想(?:死|走|去陪|跟着|一起|解脱|不开)|不想活|活不下去|活着|(?:我|俺|他|她|孩子|妈|爸).{0,6}也(?:喝|吃|不行|晕|倒|吐)|(?:去|想|要)陪|[攒藏]"
)
#: Somebody else's recovery, or a hope: says nothing of the danger told before.
_NOT_THIS_RECOVERY = re.compile(
    "说[^,。]{0,14}(?:过去了|好了|没事儿?了|不[疼痛]了)|以为|应该|听说|人家|[他她](?:姐|哥|弟|妹)[^,。]{0,10}好了|别人|邻居|大姐|同事|同学|亲戚|以前|上次|小时候|那时|去年|头胎|闺蜜|隔壁|是不是|算不算|就行|等.{0,6}好了|自己说"
)
_UNRESOLVED = re.compile(
    "没好|不见好|好不了|又(?:不行|开始|犯|来|疼|晕|抽|吐)|还是|仍|更(?:疼|重|厉害)|会不会|能好|才能|怎么才|早就好了吗|想.{0,6}就好|死.{0,4}就好"
)
_MILD = re.compile(
    "偶尔|偶而|偶然|轻微|稍微|一点点|一丢丢|少少|几秒|一两秒|一下下|小口子|小小口|一小块|一小点|就一下|一瞬间|不严重|不厉害|擦破点?皮|蹭破点?皮|不碍事|能忍|淡淡|微微|不太(?:疼|痛|厉害)|有一丝|一丝丝"
)

_STORY = re.compile(
    "蓝屏|落地成盒|爆头|扫地机|魔术|江湖骗|杂技|马戏|求歌|推荐首歌|主板|服务器|代码|(?<!看)球赛|解说|门将|绝杀|后防线|显卡|路由器|牙神经|杀神经|打游戏时角色|演话剧|演一个|话剧|小说|电影(?:里|中|讲|说|情节)|(?:打|玩)(?:着)?游戏[^,。]{0,6}(?:喊|叫|骂)|(?<![村厂家屋班店车群圈院校队公司小区宿舍肚子腹体])里(?:面)?的?那个(?:人(?!造|工)|谁|角色|男的|女的|演员|反派|坏人)|林黛玉|贾宝玉|孙悟空|哪吒|武松|潘金莲|曹操|关羽|诸葛亮|白雪公主|海绵宝宝|柯南|(?:是)?(?:什么|啥)梗|一口老血|(?:店|歌|书|片|网|菜|酒|剧)名|电视剧|剧(?:里|中|情|本|集)|追剧|纪录片|(?<!看)(?<!看着)(?<!放)(?<!的)动画(?!片)|动画片(?:里|中)|漫画|动漫|游戏(?:里|中|角色)|吃鸡(?!翅|腿|骨|肉|蛋|块|爪|胸|汤|架|鸭|米|柳|排|心|精)|男主|女主|主角|情节|书(?:上|里|中)(?!房)|课本|教材|热搜|新闻(?:说|里|上|报|中)?|报道|作文|手抄报|黑板报|"
    "论文|病例分析|案例|选择题|简答题|判断题|填空题|题目|题干|情景题|考题|题库|这道?题|的题|答案|科目[一二三四]|考试(?:要|里|考|题|会|中?说)|考(?!虑|完|砸|了|上)[^,。]{0,4}证(?!明)|护考|执业医|护理学|病理学|药理学|内科学|外科学|诊断学|导游证|急救(?:课|证|员|培训|知识|演练|比赛|竞赛|包|箱|常识|视频|手册|技能|员证)|"
    "培训(?:课|班|里|讲|学|内容|材料)|演练|竞赛|知识竞答|讲座|科普|教案|ppt|课件|成语|歌词|梦见|梦到|段子|剧本杀|密室|桌游|cosplay|模拟人|志愿者|写作|演讲稿|宣传(?:栏|画|册|语)|标语|口号|公益广告|历史上|古代|"
    "假人|救护员|考官|殡仪馆|法医|实验室(?:检查|指标)"
)
_STORY_TAIL = re.compile(
    "(?:新闻|电视|网上|抖音|报纸|手机|群)(?:里|上)?(?:说|看|讲|报|刷)到?的(?:$|[,。])|要默写|要背诵|(?:电视|电影|剧)(?:上|里)?都?(?:这么|这样|那么|那样)演|考官|课上|课堂上|上课(?:讲|说|学|老师)|老师(?:说|讲|教)过|课件|备课|教学生|讲给学生|(?:高中|初中|小学|生物|化学)老师|恶作剧|纯好奇|就是好奇|单纯好奇|假人|救护员证|选择题|判断题|简答题|考试要考|要考试|答案|这道?题|题目|写(?:一?篇)?(?:作文|小说|论文)|手抄报|演练|科普"
)
_HEARSAY = re.compile(
    rf"听(?:说|讲)(?!我{_KIN})|听(?:人|别人|邻居|老人|朋友|同事)(?:家)?(?:说|讲)|听(?:我)?(?:妈|爸|奶奶|姥姥)(?:说|讲)我(?!爸|妈|爷|奶|姥|哥|姐|弟|妹|儿|女|老)|(?<![他她]在)网上(?:说|看|讲|传|都)|网传|抖音|短视频|快手|小红书|公众号|(?<!发了条)(?<!发了个)(?<!发了)(?<!发)朋友圈(?!里?(?:她|他|发了?遗))|百度(?:说|上|百科)|视频(?:说|里|上)|电视(?:上|里|说)(?!.{{0,4}}(?:喊|叫|跟|对)[我他她])|有人说|人家说|(?<!话)(?<!个人)(?<!我们)都说(?!不|胡|了)|老话说|据说|传说|"
    "隔壁床|同病房|同病室|邻床|同屋那个|刷(?:视频|微博|手机)看|刷到|大喇叭|大家都在(?:议论|传)|谣言|群里(?:转|传|有个|说|都在|发)|同月份的|专家说|直播间|直播的时候|看到(?:有|一)个?(?:人|网友)|某(?:明星|艺人|演员)|明星|那个(?:明星|演员|歌手)"
)
_REAL_AFTER_HEARSAY = re.compile(
    rf"{_SELF}|其实|老在想|现在|刚才|刚刚|今天|昨晚|(?:^|,)(?:我|俺)(?!想|要|也?觉得|看|就?想|听|们)|{_KIN}.{{0,3}}(?:突然|正在|也)"
)
_REAL_AFTER_STORY = re.compile(
    rf"我自己|(?:我|俺)(?:{_KIN}).{{0,6}}(?:突然|刚|现在|正|今)|(?:现在|刚才|刚刚).{{0,4}}(?:我|俺){_KIN}|不是(?:演|题|小说|演习)|真的(?:发生|倒)"
)
_HAHA = re.compile("(?<!一)哈哈(?!功夫)|嘿嘿|hhh|233|笑死|狗头|表情包|社死|(?<!笑)嘻嘻|捂脸|dog")

_LOOKUP = re.compile(
    "什么是|什么叫|啥是|啥叫|何为|何谓|(?:是|有)?(?:什么|啥|几个|哪个)意思|(?:有哪些|有什么|有啥|什么|哪些|哪几种|啥|典型|常见|早期|主要|的|前期|晚期)(?:的)?(?:症状|表现|前兆|征兆|先兆|特征|类型|分类|病因|机制|并发症|危害|信号)(?!吗|嘛|么|吧|啊|呀|了)"
    "|症状(?:有|是|都)|前兆(?:有|是)|有哪些|有哪几|英文|拼音|怎么(?:读|写|念|拼)|定义|发病率|死亡率|存活率|致死率|生存率|发生率|百科|区别|哪个国家|(?:有|什么|哪些)(?:什么)?副作用|什么坏处|多少钱|费用|价格|收费|医保|报销|保险|意外险|理赔|赔不赔|(?:能|会|给)赔|赔(?:吗|多少)|机制|机理|病理|重疾|工资|待遇|"
    "(?:的|正确|标准|具体|详细|基本|急救|操作|抢救)(?:现场|紧急|院前|家庭)?(?:急救|操作|抢救|治疗|处理|诊断|自救|判断)?(?:标准|机制|原理|步骤|流程|指南|方法|知识|常识|口诀|体位|手法|要点|原则|措施|顺序|首选)|多少算|算不算高|正常值|怎么(?:形成|造成|来)的|为(?:啥|什么)(?:叫|多|会有|有|容易|高发|不能)|带(?:什么|啥|哪些)|(?<!没)(?<!没有)(?<!不用)准备(?:什么|啥|哪些)|时(?:身边|旁边)?(?:的)?(?:人|家属)?(?:该|应该|怎么|如何)(?!办)|发作时|最佳治疗|黄金(?:治疗)?时间|会(?:不会)?影响|多久(?:内)?送|"
    "(?:患者|病人|的人).{0,8}(?:宜|饮食|护理|注意|能吃|可以吃)|宜食|忌食|怎么(?:彻底)?(?:护理|根治)|能不能(?:治愈|根治)|能(?:治愈|根治)|(?:能|多久|多长时间).{0,3}(?:痊愈|治愈)|注意事项|须注意|(?:哪个|哪种|啥|什么)(?:牌子|好)|哪里(?:买|有卖)|能活(?:多久|几年)|会?遗传(?!性|了)|传染|怎么(?:练|考|学)|教程|功效|好发|高发|多见于|在人群|人群中|比例|科学依据|推荐|"
    "怎么用这个|造句|近义词|同一样|是?一回事(?!.{0,3}(?:突然|现在))|几种|一般(?:怎么|如何)(?:治疗|诊断)|诊断依据|术前|术后(?:饮食|护理|注意|能|可以|多久)|后遗症|疫苗(?!.{0,6}(?:没打|来得及|还|针眼|后|完|出血|没))|自杀率|热线|电话多少|证书|证怎么|最(?:常见|容易|多)"
)
_NOT_LOOKUP = re.compile("是不是|是否|算不算.{0,3}(?:中风|心梗)|像(?!什么)|怀疑|救命|救救|怎么办|咋办|咋整|怎么急救|先做什么|怎么救|快不行")
_NAME_LOOKUP = re.compile(
    "怎么回事|咋回事|是什么|是啥|为什么|为啥|什么原因|原因|挂(?:什么|哪个|啥)科|怎么(?:治|引起|检查|确诊|判断|诊断|调理|得)|能治|治好吗|严重吗|多久|几天|饮食|吃什么|吃啥|注意|会.{0,8}吗|能.{0,10}(?:吗|不$)|可以.{0,10}(?:吗|不$)|"
    "手术|高危|风险|概率|几率|史|患者|病人.{0,6}(?:能|吃|饮食|护理)|护理|用药|检查|怎么看|好发|好治"
)
_PREVENT = re.compile(
    "预防|防止|怎么防|咋防|如何防|防(?:溺水|中毒|猝死|跌倒|触电|蛇|中暑|噎|烫|呛|摔)|避免|杜绝|以免|免得|才不会|才不|怎样才|怎么才能?(?:不|给|让)|怎么装|有没有可能|备(?:着|用|点|什么|哪些)|提前准备|安全教育|减少.{0,6}风险|注意什么"
)
_WORRY_LEFT = re.compile(
    r"(?:(?<!不)怕(?!是|不是)|害怕(?!是)|担心(?!是)|担忧|生怕|唯恐|会不会(?!是|要|已经)|将来|以后(?:会|要是|怕|得)|(?:会|能|可能|容易|易|可以|是否|要)(?:不会)?.{0,3}(?:导致|引起|引发|诱发|造成|得|变成|发展成)|(?:会|能)(?:不会|不能)?(?:直接|马上)?(?:让人)?|至于|要命的|号称)[^,。]{0,16}$"
)
_WORRY_SURE = re.compile(
    r"(?:哪天(?!早上|一觉|睡|醒|死|没)|有朝一日|(?<!不)怕(?!是|不是|有)|害怕(?!是)|担心(?!是)|生怕|唯恐|以后(?:会|要是|怕|得)|将来|会不会(?!是|要|已经)|(?:会|可能|容易|能)(?:导致|引起|引发|诱发|造成))[^,。]{0,16}$"
)
_CONDITION = re.compile(
    "如果(?!能|可以|我(?:不在|死|走|没|消失|离开|不存在|从没)|没有我|没我|一觉|哪天|睡|死|消失)|要是(?!能|可以|我(?:死|走|没|消失|离开|不存在|从没)|没我|不用|不再|一觉|哪天|早上|明天|睡|死|消失|没有我|我不在)|假如(?!我(?:不在|死|走|没|消失|离开)|没有我)|假设|万一|倘若|若是|一旦|遇到.{0,12}(?:怎么|该|应该|如何)|碰到.{0,12}(?:怎么|该|应该)|下次|[说讲怕]补上会|说[^,。]{0,6}会(?=低血糖|昏|晕|中毒|死|瘫|瞎|大出血)|什么情况|哪些情况|什么时候(?:需要|要|应该|该)"
)
_MOOD = "(?:多|少|写|背|做|堵|吵|闷|无聊|等|贵|气|笑|累|吓|烦|躁|丑|尴尬|馋|美|急|帅|看|穷|愁|忙|困|饿|酸|听|读|考|加班|甜|辣|激动|萌|撑|卷|吐槽|逗|乐|骂)"
_ALMOST = "(?:快|差点|想|要|恨不得|直想)"
_ME = "(?:我|俺|人|老子|本人|本宝宝|老娘)"
_HYPERBOLE_LEFT = re.compile(
    rf"{_MOOD}(?:(?:得|的|到){_ME}(?:都|也|是|就|直)*{_ALMOST}*|(?:得|的|到)?{_ME}?(?:都|就|真|是|也)*{_ALMOST}+)(?:要|当场|原地|得)?$"
)

_WILL_PREVENT = re.compile("预防|怎么防|如何防|避免|防止|平时(?:要|该|应该)?注意|学学|想学|培训|课程|教程|以防")
_ASKS_FOR_SELF = re.compile("注意(?:什么|些|啥|哪些)|要不要(?:去)?(?:查|检查|体检)|要紧吗|会不会也")
#: What the sight of it did to the asker.
_AFTERMATH = re.compile("噩梦|恶梦|阴影|走出来|缓不过来|后怕|震惊|好难过|很难过|想念|想(?:他|她|我奶奶|我爷爷)$")
_ME_TOO = re.compile("(?:我|俺|咱).{0,6}也")
_OTHERS = re.compile(
    "邻居|同事|朋友|同学|亲戚|隔壁|楼上|楼下|小区|单位|公司|领导|老板|网友|村里|群里|明星|有人|别人|人家|昨天看到|我们班|战友|老乡|同桌"
)
_CALLS_FOR_HELP = re.compile("怎么办|咋办|咋整|急救(?!课|员|证|培训|知识)|救命|怎么救|叫不醒|先做什么|还没送|现在怎么")
#: 去年得的, said after the illness: a date that stands alone dates what was told before it.
_DATED = re.compile(
    rf"^(?:现在|到现在|如今|到今天)?(?:都|已经)?(?:隔了|过去了?|过了)(?:快)?{_NUMBER}(?:年|个月)(?:多)?了?$|^(?:这|那)?(?:是|都是)?(?:我|他|她)?(?:在)?(?:去年|前年|上个?月|小时候|(?:{_NUMBER}|很多|好多)个?(?:年|月)(?:之|以)?前)(?:就)?(?:得|犯|发|做|摔|查|确诊|咬|出|发生|住院|伤|手术|治)?(?:出来)?的(?:事|病|时候)?(?:情)?了?$"
)
#: 我还没吃, 先问问: whatever was asked before it has not happened.
_NOT_DONE_YET = re.compile(
    r"^(?:我|他|她|孩子|宝宝|但|不过|现在)*(?:都|也)?还没(?:敢)?(?:吃|喝|用|打|服|混|买|做)(?:呢|过|上|药)?(?:就|先|才)?(?:来)?(?:问问|问一下)?$|^先(?:来)?问(?:问|一下)|^提前(?:问|了解)|^打算|没敢(?:吃|用|喝)$"
)

#: What people say of money, idols and work; together with one of the words below nobody is ill.
_FIGURATIVE_TALK = re.compile(
    "电脑|显示器|黑屏|气到|笑到|恐怖片|鬼片|鬼屋|过山车|蹦极|队友|打游戏|开黑|排位|股票|基金|跌停|涨停|满仓|账户|割肉|爱豆|官宣|偶像|追星|球队|主队|甲方|老板又|方案|卷子|考了|考试成绩|作业|论文|加班|逛街|逛一天|高跟鞋|步数|万步|步[,， ]|爬山|开玩笑|家人们|哎呀妈|服了|无语|绝了|原地|社死|破防|emo|阵亡|把人气|人气吐|气得|被气|气死|给我气|能把人|手机没电|电量|没电|关机了"
)
_FIGURATIVE_WORD = re.compile(
    "^(?:吐血|窒息|心梗了?|心肌梗塞|猝死|断气|裂开|(?:腿|脚|腰|手|胳膊)(?:都)?(?:要|快)?断了?|骨折|休克|晕倒|晕过去|心脏骤停|骤停|暴毙|脑溢血|脑梗|昏迷|大出血|要死|想死|大失血|中风|半身不遂|心碎|割|血压.{0,12}|去世|没气|抽过去|抽搐|抽风|一直|高血压)"
)
_SERIOUS = re.compile(
    "真的不是开玩笑|叫不醒|送医院|在地上|120|急救|怎么救|血块|楼顶|遗书|不想活|活不下去|活着没|告别|一口血|几口血|冒汗|出汗|说不出话"
)

_PET = re.compile(
    r"(?<![被让给遭着叫和跟逗怕遛养喂抱买撸带与成累像似])(?<!热)(?<!熊)(?<!像小)(?<!像只)(?<!似小)(?:(?:我|俺)家|我)?(?:的)?(?:小|大|老|母|公|黑|白|黄|田园|流浪|只)?(?:狗狗|狗子|狗(?!叫|疫|针|吠|粮|绳|毛|血|头|咬|抓|挠|啃|舔|伤|窝|牌|屎|肉|追|扑|日|仗|腿|跑|主)|猫咪|猫猫|猫(?!着|腰|咬|抓|挠|毛|粮|腻|眼|爪|薄荷|砂|屎|耳朵|追|舔|伤)|泰迪|布偶|金毛|拉布拉多|哈士奇|二哈|柯基|柴犬|比熊|博美|边牧|萨摩耶|阿拉斯加|法斗|英短|美短|加菲|橘猫|蓝猫|"
    r"仓鼠|兔子|兔兔|乌龟|小龟|鹦鹉|金鱼|锦鲤|龙猫|豚鼠|荷兰猪|刺猬|宠物|毛孩子|母鸡|公鸡|小鸡(?!鸡)|鸡群|鸡苗|鸭子(?!声|嗓|叫|腔|音)|大鹅|小鹅|母猪|小猪|仔猪|猪仔|猪圈|小牛|母牛|牛犊|羊羔|山羊|小羊|母羊|鸽子|蜥蜴|守宫)"
)
_PET_ACTS = re.compile(
    r"^(?![^,。]{0,2}[被让给遭])[^,。]{0,3}(?:咬|抓|挠|啃|舔|扑|撞|追|踢|顶|绊|蹬|送人|送走|送给|托付|托人)(?!了?(?:东西|电线|拖鞋|骨头))"
)
_VET = re.compile("兽医|宠物医院|宠物店|动物医院|养殖场的?(?:鸡|猪|牛|羊|鸭)|养(?:鸡|猪|牛|羊|鸭|猫|狗)场")
_HURT_BY_PET = re.compile(
    "(?:被|让|给|遭|着).{0,8}(?:咬|抓|挠|舔|啃|踢|顶|伤)|(?:狗|猫|猴|猪|马|牛|鼠)[^,。]{0,3}把[^,。]{0,3}(?:我|他|她|孩子|人|娃|宝|妈|爸|奶|爷|儿子|女儿|手|脚|腿|脸)[^,。]{0,6}(?:咬|抓|挠|啃|叼)|(?:狗|猫|兔子|仓鼠|猪|牛|马|鼠|猴|鹅).{0,3}(?:咬|抓|挠)(?:的|了|破|伤|到)?(?:我|俺|他|她|人|孩子|小孩|娃|宝|爸|妈|爷|奶|的?(?:手|脚|腿|脸|脖|头|脑|胳|耳|嘴|眼|鼻|肩|背|屁股|大腿|小腿|膝|指|肚|胸|腰|胯)|一口|一下|一道|几道|几口|好几|两|三|出血|见血|流血|破|[,。 ]|$)"
)
_HUMAN = re.compile(rf"(?:{_PEOPLE})(?!家(?:的)?(?:狗|猫|小|母|泰|金|布|乌|宠|养|仓|兔))")

_NEGATION = re.compile(
    r"(?:(?<![是有会要能])(?:并|也|都|又|还|就)?(?:没有?|无|否认|未(?:见|曾|有|出现)?|不(?:是|会|再|太|怎么)?|从没(?:有)?|从来不|从来没有?|并非|毫无|(?:木|莫|冇|么)(?:有|得)|没人有?))$"
)
_NO_NEGATION = re.compile(
    r"(?:是不是|要不是|会不会是?|怕不是|莫不是|该不是|别不是|可不是|不会是|不就是|能不能|有没有|要不要|是不|忍不|止不|不得不|差不|来不|对不|好不|受不|挡不|扛不|控制不|不光|不仅|不只|不但|不止|不断|不小心|不慎|不知|没多久|没一会|没过多久|没几天|算不算是?)$"
)
#: 没几天, 没多久 say when, and deny nothing.
_SHORTLY = re.compile("没(?:几|多久|一会|过多久)")
_FILLER = re.compile(
    r"(?:任何|什么|出现|明显|再|怎么|太|很|特别|有|感觉到?|觉得|发生|啥|那么|别的|其他|过|谁|也|或者?|和|及|跟|与|以及|、|,(?=没|无|不)|(?<!不)(?<!没)到|的|这种|受|被|在|发)$"
)
_NEGATED_AFTER = re.compile(
    r"^(?:倒是?|也|都|的情况|的症状|症状|这些?|什么的|啥的|现象)*(?:(?:从来|从)?没(?:有)?想过|从来没有?|没有|没得|都没|也没|不存在|不明显|无)(?:了|啊|的|过)?(?:$|[,。!?;、\s])"
)
_FINE_AFTER = re.compile(
    "^(?:说话|走路|吃饭|睡觉|大小便|精神|、|和|跟)*(?:都|也|倒|还|一切|也都|全都|全|样样|吃饭)*(?:好好的|都好(?:$|[,。 ])|正常(?!吗|不|嘛)|挺好|没问题|没事(?!吗|吧)|好着呢|不受影响|(?:退|消)(?:了|下去|干净)(?!吗|么|没))"
)
_ASPECT_PAST = re.compile(
    r"^史|^(?:了)?(?:血|倒|风|毒|水|伤)?过(?!去|敏|来|程|度|量|高|低|快|慢|多|少|大|小|紧|猛|热|街|路|马路|河|桥|夜|节|年|期|劲|后|量服|了(?!几|好)|不|会|世|重|快|一会|后|半|头|[一二两三四五六七八九十几\d])"
)
_QUESTION_AFTER = re.compile(r"^(?:了)?(?:怎么办|咋办|咋整|怎么急救|怎么救)")


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a question, and what holds for every word in it."""

    start: int
    end: int
    text: str
    doubts: frozenset[Doubt]
    soft: frozenset[Doubt]  # holds unless the rule says that the danger outlasts it
    name_lookup: bool


def split_segments(text: str) -> list[tuple[int, int]]:
    """(start, end) of what stands between marks and blanks, none longer than MAX_CLAUSE."""
    spans: list[tuple[int, int]] = []
    start = 0
    for mark in [*_SEPARATOR.finditer(text), None]:
        end = mark.start() if mark else len(text)
        spans.extend((cut, min(cut + MAX_CLAUSE, end)) for cut in range(start, end, MAX_CLAUSE))
        start = mark.end() if mark else end
    return spans


def split_clauses(text: str) -> list[tuple[int, int]]:
    """(start, end) of every clause: segments cut again before the words that turn a story."""
    spans: list[tuple[int, int]] = []
    for start, end in split_segments(text):
        cuts = [found.start() for found in _TURN.finditer(text, start, end) if found.start() > start + 1]
        edges = [start, *cuts, end]
        spans.extend(pairwise(edges))
    return spans


class Reading:
    """A question with its clauses read; `doubt` says of one word whether it counts."""

    def __init__(self, text: str) -> None:
        self.text = text
        spans = split_clauses(text)
        texts = [text[start:end] for start, end in spans]
        doubts: list[set[Doubt]] = [set() for _ in spans]
        soft: list[set[Doubt]] = [set() for _ in spans]
        _mark_stories(text, texts, doubts)
        _mark_animals(text, texts, doubts)
        _mark_past(texts, doubts)
        _mark_endings(texts, doubts, soft)
        _mark_lookups(texts, doubts)
        _mark_intentions(texts, doubts)
        for own, text_ in zip(soft, texts, strict=True):
            if _MILD.search(text_):
                own.add(Doubt.MILD)
        self.clauses = [
            Clause(start, end, clause, frozenset(own), frozenset(weak), bool(_NAME_LOOKUP.search(clause)))
            for (start, end), clause, own, weak in zip(spans, texts, doubts, soft, strict=True)
        ]
        self._starts = [start for start, _ in spans]
        self._segments = [start for start, _ in split_segments(text)] or [0]
        self._lasting = self._lasting_marks()
        self.joking = bool(_HAHA.search(text))
        self._figurative = bool(_FIGURATIVE_TALK.search(text)) and not _SERIOUS.search(text)

    def _lasting_marks(self) -> list[tuple[int, bool]]:
        """(number of the clause, whether the mark is a bare length of time) of whatever says that a complaint is old."""
        marks: list[tuple[int, bool]] = []
        if not _ACUTE.search(self.text):
            marks.extend(
                (self.clause_at(found.start()), bool(_LENGTH.fullmatch(found[0])))
                for found in _CHRONIC.finditer(self.text)
                if not (_LENGTH.fullmatch(found[0]) and _SAYS_HOW_OLD.search(self.text, max(found.start() - 12, 0), found.start()))
            )
        if not _NOW.search(self.text):
            marks.extend((self.clause_at(found.start()), False) for found in _CHRONIC_SURE.finditer(self.text))
        return marks

    def is_chronic(self, told: frozenset[int] = frozenset()) -> bool:
        """Whether the complaint is one of months and years.

        `told` are the clauses that say who somebody is: how long they have had a kidney transplant (移植肾五年了) says nothing
        about how long they have been ill now.
        """
        return any(not (bare and clause in told) for clause, bare in self._lasting)

    def clause_at(self, place: int) -> int:
        """The number of the clause that a character stands in."""
        return max(bisect.bisect_right(self._starts, place) - 1, 0)

    def _segment_start(self, place: int) -> int:
        """Where the marks around a character begin: a turn of the story ends a clause, but not a worry (就怕哪天突然倒了)."""
        return self._segments[max(bisect.bisect_right(self._segments, place) - 1, 0)]

    def doubts(self, start: int, end: int, negated_before: int = -1) -> frozenset[Doubt]:
        """Every reason why the word at [start, end) does not count; none if it does.

        `negated_before` is the end of the last negated word, so that a negation reaches through a list (没有发烧咳嗽).
        """
        if not self.clauses:
            return frozenset()
        clause = self.clauses[self.clause_at(max(end - 1, start))]
        left = self.text[max(start - 24, self.clauses[self.clause_at(start)].start) : start]
        right = self.text[end : end + 12]
        whole = self.text[max(start - 24, self._segment_start(start)) : start]
        found = set(clause.doubts | clause.soft)
        if is_negated(self.text, start, negated_before) or _NEGATED_AFTER.match(right) or _FINE_AFTER.match(right):
            found.add(Doubt.NEGATED)
        if _ASPECT_PAST.match(right) and not PRESENT.search(clause.text):
            found.add(Doubt.PAST)
        if _WORRY_SURE.search(whole) or (clause.name_lookup and _WORRY_LEFT.search(left)):
            found.add(Doubt.WORRY)
        if left.endswith("有没有"):
            found.add(Doubt.WORRY)
        if _HYPERBOLE_LEFT.search(left):
            found.add(Doubt.HYPERBOLE)
        if self._figurative and _FIGURATIVE_WORD.match(self.text[start:end]):
            found.add(Doubt.HYPERBOLE)
        if Doubt.LOOKUP in found and _QUESTION_AFTER.match(right):
            found.discard(Doubt.LOOKUP)
        return frozenset(found)


def is_negated(text: str, start: int, negated_before: int = -1) -> bool:
    """Whether a negation stands directly before the word, with only fillers (任何, 出现, 、) or negated words between."""
    left = text[max(start - 16, 0) : start]
    for _ in range(6):
        if negated_before == start - (len(text[max(start - 16, 0) : start]) - len(left)) and negated_before > 0:
            return True
        if _NEGATION.search(left):
            return not _NO_NEGATION.search(left) and not _SHORTLY.match(text, start - 1)
        shorter = _FILLER.sub("", left)
        if shorter == left:
            return False
        left = shorter
    return False


def _mark_stories(text: str, texts: list[str], doubts: list[set[Doubt]]) -> None:
    """Films, examinations and hearsay hold until somebody real appears."""
    frame = ""
    whole = bool(_STORY_TAIL.search(text)) and not _REAL_AFTER_STORY.search(text)
    for clause, own in zip(texts, doubts, strict=True):
        if _STORY.search(clause):
            frame = "story"
        elif _HEARSAY.search(clause):
            frame = frame or "hearsay"
        elif (frame == "hearsay" and _REAL_AFTER_HEARSAY.search(clause)) or (frame == "story" and _REAL_AFTER_STORY.search(clause)):
            frame = ""
        if frame or whole:
            own.add(Doubt.STORY)


def _mark_animals(text: str, texts: list[str], doubts: list[set[Doubt]]) -> None:
    """A clause about an animal, and those after it until a human being appears; all of them for a vet."""
    if _HURT_BY_PET.search(text) and not _pet_is_hurt(text):
        return
    vet = bool(_VET.search(text))
    animal = False
    first = -1
    for number, (clause, own) in enumerate(zip(texts, doubts, strict=True)):
        if _is_about_pet(clause):
            animal = True
            first = number if first < 0 else first
        elif animal and _HUMAN.search(clause):
            animal = False
        if animal or vet:
            own.add(Doubt.ANIMAL)
    if first > 0 and not any(_HUMAN.search(clause) for clause in texts[:first]):
        for own in doubts[:first]:
            own.add(Doubt.ANIMAL)


def _is_about_pet(clause: str) -> bool:
    return any(not _PET_ACTS.match(clause[found.end() :]) for found in _PET.finditer(clause))


def _pet_is_hurt(text: str) -> bool:
    """我家狗被蛇咬了: the animal stands before the passive, and is the one that was hurt."""
    return any(
        re.match(r"(?:刚才?|又|今天|昨天|也)?(?:被|让|给|遭)(?!我|人)", text[found.end() : found.end() + 6])
        for found in _PET.finditer(text)
    )


def _mark_past(texts: list[str], doubts: list[set[Doubt]]) -> None:
    """A past date holds up to the last word of how it ended; 以前 and 得过 in their own clause only."""
    number = 0
    while number < len(texts):
        clause = texts[number]
        now = PRESENT.search(clause)
        if _PAST_DATE.search(clause) and not now:
            last = _past_ends(texts, number)
            for own in doubts[number : last + 1]:
                own.add(Doubt.PAST)
            number = last
        elif _PAST_LOOSE.search(clause) and not now:
            doubts[number].add(Doubt.PAST)
        number += 1


def _past_ends(texts: list[str], first: int) -> int:
    last = first
    for number in range(first + 1, len(texts)):
        now = PRESENT.search(texts[number])
        if _OUTCOME.search(texts[number]):
            # 打的钢板现在走路利索: what stands between is past, what is now is not.
            last = number - 1 if now else number
        if now:
            break
    return last


def _mark_endings(texts: list[str], doubts: list[set[Doubt]], soft: list[set[Doubt]]) -> None:
    """A doctor's all-clear, or 好了, reaches back over everything told before it, but not over what comes after."""
    treated = resolved = -1
    story = ",".join(texts)
    numb = bool(_NUMB.search(story))
    if _DEAD.search(story) and not _CALLS_FOR_HELP.search(story) and not _GRIEF.search(story):
        for own in doubts:
            own.add(Doubt.PAST)
    for number, clause in enumerate(texts):
        if Doubt.PAST not in doubts[number] and _TREATED.search(clause) and not _UNRESOLVED.search(clause) and not _ADVISED.search(clause):
            # Who went home and is worse now (出院了, 刚才越来越疼) is not well.
            treated = treated if _WENT_HOME.search(clause) and any(_WORSE.search(other) for other in texts) else number
        better = _RESOLVED.search(clause)
        if better and not (numb and better[0] in _PAINLESS) and not _UNRESOLVED.search(clause) and not _NOT_THIS_RECOVERY.search(clause):
            resolved = number
    for own in doubts[: treated + 1]:
        own.add(Doubt.TREATED)
    for weak in soft[: resolved + 1]:
        weak.add(Doubt.RESOLVED)


def _mark_lookups(texts: list[str], doubts: list[set[Doubt]]) -> None:
    """A term looked up or a danger guarded against; a condition (如果) holds in the next clause too."""
    condition = -2
    for number, (clause, own) in enumerate(zip(texts, doubts, strict=True)):
        if _LOOKUP.search(clause) and not _NOT_LOOKUP.search(clause):
            own.add(Doubt.LOOKUP)
            if number and not re.search(f"{_PEOPLE}|{PRESENT.pattern}|突然", texts[number - 1]):
                doubts[number - 1].add(Doubt.LOOKUP)
        if _PREVENT.search(clause):
            own.add(Doubt.WORRY)
        if _CONDITION.search(clause) and not PRESENT.search(clause):
            condition = number
        if number - condition <= 1:
            own.add(Doubt.WORRY)


def _mark_intentions(texts: list[str], doubts: list[set[Doubt]]) -> None:
    """What the question turns out to be for: prevention after somebody else's illness, or something not done yet."""
    for number, clause in enumerate(texts):
        hopes = (
            _WILL_PREVENT.search(clause)
            or _AFTERMATH.search(clause)
            or (_ASKS_FOR_SELF.search(clause) and any(_ME_TOO.search(other) for other in texts[:number]))
        )
        if hopes and not any(_CALLS_FOR_HELP.search(other) for other in texts):
            others = next((before for before in range(number) if _OTHERS.search(texts[before])), number)
            for own in doubts[others:number]:
                own.add(Doubt.STORY)
        if _DATED.search(clause):
            for own in doubts[:number]:
                own.add(Doubt.PAST)
        if _NOT_DONE_YET.search(clause):
            for own in doubts[:number]:
                own.add(Doubt.WORRY)
