"""Emergencies in typed questions: what fires, for whom, with which action; what must stay silent; and what never breaks."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean import search_key
from corpus.red_flags import Action, find_red_flags, load_rules
from tests.question_sets import read_set

#: Sets that rules may be written looking at; two of them reported until they were opened.
DEV = tuple(f"red_flags_{name}" for name in ("dev", "dev_2", "dev_3", "plain_dev", "described_dev"))
HELD_OUT = "red_flags_heldout_6"
NEUTRAL = ("大家好。", "第一次在这里提问,谢谢各位医生。", "我姓王,在外地上班。", "麻烦了。")

#: One question for every condition that the rules know, in the words of people of different regions and ages.
CONDITIONS: tuple[tuple[str, str, Action], ...] = (
    ("老公睡觉突然怪叫一声,然后怎么推都没反应,也没气了", "呼吸心跳停止", Action.AMBULANCE),
    ("孩子吃花生呛到,一直咳,脸发紫,喘气有哨音", "气道异物窒息", Action.AMBULANCE),
    ("孙子在浴缸里滑下去喝了几口水 现在老咳 喘", "溺水", Action.AMBULANCE),
    ("下地让电打了一下 手焦黑 心突突", "电击伤", Action.AMBULANCE),
    ("发现妹妹在房间里吊着,刚放下来,还有气", "颈部勒伤", Action.AMBULANCE),
    ("他发了条朋友圈 来世再见 然后定位在大桥上", "正在自杀或马上要自杀", Action.POLICE_OR_AMBULANCE),
    ("用刀片划自己胳膊,伤口挺深的", "自伤出血", Action.AMBULANCE),
    ("继父拿皮带抽我弟 弟弟头破了 他还在发酒疯", "正在发生的暴力", Action.POLICE_OR_AMBULANCE),
    ("有个声音一直叫我从楼上跳下去", "命令性幻听", Action.POLICE_OR_AMBULANCE),
    ("我老婆生完孩子总说孩子是魔鬼,要把他扔了", "产后精神障碍", Action.POLICE_OR_AMBULANCE),
    ("我爸精神病犯了 不吃药 到处跑 说有人追杀他", "急性精神症状", Action.EMERGENCY_ROOM),
    ("我儿子十五岁 说过好几次想死 成绩下降 晚上哭", "自杀念头", Action.HOTLINE),
    ("划手腕 一道道的 血已经不流了", "自伤", Action.EMERGENCY_ROOM),
    ("昨晚在酒吧被人灌醉带去酒店 醒来发现被侵犯了", "遭受性侵", Action.POLICE_OR_AMBULANCE),
    ("突然胸背撕心裂肺地疼 血压一百八 左腿没劲", "主动脉夹层", Action.AMBULANCE),
    ("岳父胸疼出虚汗 让他去医院他不肯说睡一觉就好", "急性心肌梗死", Action.AMBULANCE),
    ("剖腹产后第三天 小腿疼 刚刚上厕所晕倒 气急", "肺栓塞", Action.AMBULANCE),
    ("气胸又犯了 喘不上气", "气胸", Action.AMBULANCE),
    ("我心脏早搏史 今天心跳突然飙到两百 快站不住", "严重心律失常", Action.AMBULANCE),
    ("弟弟踢球踢着踢着突然栽地上,叫了半分钟才醒", "心源性晕厥", Action.AMBULANCE),
    ("夜里突然坐起来大喘 咳嗽 白泡沫痰 心衰病史", "急性心力衰竭", Action.AMBULANCE),
    ("血压飙到210/125了,头疼,看东西有点花", "高血压急症", Action.EMERGENCY_ROOM),
    ("右脚突然像冰块一样 疼得嗷嗷叫 脚背摸不到跳", "急性肢体缺血", Action.AMBULANCE),
    ("糖尿病人的大脚趾黑了,流脓水发臭,人还发烧", "肢体坏疽", Action.EMERGENCY_ROOM),
    ("右边腿肿 按着疼 比左边粗五厘米 坐飞机回来", "深静脉血栓", Action.EMERGENCY_ROOM),
    ("儿子哮喘,喷了好几喷万托林还是喘,话都说不完整", "哮喘重度发作", Action.AMBULANCE),
    ("老慢支的爷爷这两天痰多,今天一直迷迷瞪瞪老要睡", "慢阻肺急性加重", Action.AMBULANCE),
    ("老婆食完海鲜 全身起风疹 喉咙好紧 透唔到气", "严重过敏反应", Action.AMBULANCE),
    ("吃降压药以后舌头肿得嘴都闭不上,说话大舌头", "喉头水肿", Action.AMBULANCE),
    ("嗓子疼得厉害 流口水 说话闷闷的 喘", "急性会厌炎", Action.AMBULANCE),
    ("脸突然肿起来 眼睛睁不开 牙疼好几天 烧39", "颌面颈部深部感染", Action.EMERGENCY_ROOM),
    ("娃儿半夜起来咳得汪汪叫 吸气嘶嘶响 脸色不好", "婴幼儿呼吸困难", Action.AMBULANCE),
    ("姥爷肺癌,刚才一口接一口咳鲜血,脸盆底都盖住了", "咯血", Action.AMBULANCE),
    ("昨天火灾里跑出来 今天嗓子疼声音嘶哑痰是黑的", "烟雾吸入性损伤", Action.AMBULANCE),
    ("工人下化粪池清淤 三个人都倒了 我现在能下去救吗", "有毒气体吸入", Action.AMBULANCE),
    ("晚上烧木炭吃火锅 关着窗 现在三个人都头昏想吐", "一氧化碳中毒", Action.AMBULANCE),
    ("指尖夹的那个仪器显示78 嘴唇乌", "缺氧", Action.AMBULANCE),
    ("老人家摔了头当时没事 过了三天 嗜睡 走路歪", "脑卒中", Action.AMBULANCE),
    ("刚才右手麻了十来分钟说话也不利索,现在又好了", "短暂性脑缺血发作", Action.EMERGENCY_ROOM),
    ("一只眼睛突然往外斜 看东西重影 头痛得要裂开", "脑出血", Action.AMBULANCE),
    ("高烧寒战,人糊涂了,血压80/40,手脚冰凉", "脑膜炎或脑炎", Action.AMBULANCE),
    ("俺村有人喝农药了 这会儿口吐白沫 离医院远咋整", "抽搐发作", Action.AMBULANCE),
    ("产后破伤风 不对 是割伤后牙关紧闭 抽搐", "子痫", Action.AMBULANCE),
    ("昨天摔了后脑 今天鼻孔流出清水一样的东西 头疼", "头部外伤", Action.AMBULANCE),
    ("阿司匹林氯吡格雷都在吃的奶奶 今天头撞桌角了", "服抗凝药的头部外伤", Action.EMERGENCY_ROOM),
    ("从房顶掉下来,腰疼得动不了,两条腿没知觉", "脊柱损伤", Action.AMBULANCE),
    ("腰间盘突出,今天突然屁股那一片木了,小便解不出来", "马尾综合征", Action.EMERGENCY_ROOM),
    ("两腿没力气越来越重 今天蹲下站不起来 前两周感冒", "急性脊髓或神经病变", Action.EMERGENCY_ROOM),
    ("脚扎了钉子一礼拜,现在嘴张不开,脖子往后挺", "破伤风", Action.AMBULANCE),
    ("吃了自制臭豆腐 眼皮下垂 吞咽困难 视物双影", "肉毒中毒", Action.AMBULANCE),
    ("拔完智齿一晚上血不停 吐了好多血块 头晕", "上消化道出血", Action.AMBULANCE),
    ("这两天拉的屎跟沥青似的,又黑又粘", "消化道出血", Action.EMERGENCY_ROOM),
    ("生完孩子第三天,下面血块一大坨一大坨掉,心慌头晕", "下消化道大出血", Action.AMBULANCE),
    ("有胃溃疡的,突然肚子像刀捅,整个肚皮绷得硬邦邦", "急腹症", Action.AMBULANCE),
    ("喝了顿大酒,上腹部疼得在床上打滚,往后背窜,吐", "急性胰腺炎", Action.EMERGENCY_ROOM),
    ("肚子疼一天 现在固定在右下面 按一下松开更疼 低烧", "急性阑尾炎", Action.EMERGENCY_ROOM),
    ("右上腹疼一天 发烧38.5 想吐 有胆结石", "急性胆管炎或胆囊炎", Action.EMERGENCY_ROOM),
    ("三天没拉没放屁,肚子胀得像鼓,吐的都是黄绿水", "肠梗阻", Action.EMERGENCY_ROOM),
    ("大腿根那个疝气包推不回去了,又硬又疼", "嵌顿疝", Action.EMERGENCY_ROOM),
    ("两个月宝宝撕心裂肺哭 脸白 像没力气 一阵好一阵坏", "肠套叠", Action.EMERGENCY_ROOM),
    ("房颤的老人突然肚子疼得死去活来,肚子摸着倒是软的", "肠系膜缺血", Action.AMBULANCE),
    ("又拉又吐一天二十几趟,眼眶都凹了,没尿,人软得像面条", "重度脱水", Action.EMERGENCY_ROOM),
    ("喝汤被鱼骨头卡到 现在吞口水像针扎 胸口也不舒服", "食管或咽喉异物", Action.EMERGENCY_ROOM),
    ("娃把遥控器里的扣子电池吞下去了", "误吞纽扣电池", Action.EMERGENCY_ROOM),
    ("孩子肚子里有两粒磁力珠 拍片看到的", "误吞磁铁", Action.EMERGENCY_ROOM),
    ("小孩玩耍时把一个小铁钉咽下去了", "误吞尖锐异物", Action.EMERGENCY_ROOM),
    ("孩子吞了钥匙扣上的小珠子", "误吞异物", Action.EMERGENCY_ROOM),
    ("外甥误拿装在饮料瓶里的除草药水抿了一口", "农药中毒", Action.AMBULANCE),
    ("小孩把通厕所的那个水喝了一口,嘴里烧烂了", "腐蚀性物质误服", Action.AMBULANCE),
    ("喝了工业酒精勾的酒 现在眼前白花花看不清", "误服有毒日用品", Action.AMBULANCE),
    ("奶奶地高辛吃重了 恶心 看东西发黄 心跳很慢", "药物过量", Action.AMBULANCE),
    ("给孩子喂错药了 把我的降压药当维生素给他吃了一粒", "儿童误服药物", Action.EMERGENCY_ROOM),
    ("小孩吃了一把铁剂糖衣片", "铁剂中毒", Action.AMBULANCE),
    ("吃了路边摘的白蘑菇 拉肚子 呕吐 已经六个小时", "毒蘑菇中毒", Action.EMERGENCY_ROOM),
    ("吃了没煮熟的河豚 嘴巴发麻 手抬不起来", "食物中毒", Action.AMBULANCE),
    ("室友喝了一斤多白酒,叫不醒,呼噜声特别怪,身上凉", "急性酒精中毒", Action.AMBULANCE),
    ("吃了头孢又喝了瓶啤酒,脸通红胸闷心慌", "双硫仑样反应", Action.AMBULANCE),
    ("贴了两片芬太尼贴 妈妈一直睡 呼吸很慢", "毒品中毒", Action.AMBULANCE),
    ("我爸戒酒第三天,手抖得厉害,说墙上有虫子爬", "戒断谵妄", Action.AMBULANCE),
    ("在地里干活被蛇咬了脚脖子,两个牙印,肿起来了", "毒蛇咬伤", Action.AMBULANCE),
    ("孩子被邻居家的狗咬到耳朵 掉了一块肉", "动物咬伤", Action.EMERGENCY_ROOM),
    ("被疯狗咬过 现在怕水怕风 喝水就抽", "狂犬病可能", Action.AMBULANCE),
    ("被一只大黄蜂锥了一下 人发晕 心慌 全身都是包", "群蜂螫伤", Action.AMBULANCE),
    ("踩到海里的石头鱼 痛得要命 脚肿 恶心", "毒虫或海洋生物螫伤", Action.AMBULANCE),
    ("孩子锁在车里一个小时 抱出来满脸通红没精神", "热射病", Action.AMBULANCE),
    ("在雪地里冻了一夜,人僵了,说话颠三倒四", "失温", Action.AMBULANCE),
    ("脚趾冻得发白没知觉,起了血泡", "重度冻伤", Action.EMERGENCY_ROOM),
    ("高原反应 三天了 头痛 走路打飘 老想睡", "重症高原病", Action.AMBULANCE),
    ("水肺潜水出水 半边身子麻 胸闷", "减压病", Action.AMBULANCE),
    ("玻璃割到手腕,血一股一股往外飙", "大出血", Action.AMBULANCE),
    ("肚子刀口崩开了 看到肠子", "锐器刺入伤", Action.AMBULANCE),
    ("老公修房顶滑下来 后背着地 现在喊腰以下木的", "高处坠落伤", Action.AMBULANCE),
    ("摩托车撞了护栏 大腿变形 出血很多", "交通事故伤", Action.AMBULANCE),
    ("肚子被方向盘顶了 现在越来越痛 脸色发白", "腹部或胸部外伤", Action.AMBULANCE),
    ("手臂被绞肉机绞进去了 骨头都碎了", "开放性骨折", Action.AMBULANCE),
    ("奶奶浴室滑倒,大胯疼,站不起来,脚往外撇", "骨折或脱位", Action.EMERGENCY_ROOM),
    ("小腿骨折打了石膏,脚趾发紫发麻,胀得受不了", "骨筋膜室综合征", Action.EMERGENCY_ROOM),
    ("手指夹门里 指甲掀了 指尖断了一截", "断指断肢", Action.EMERGENCY_ROOM),
    ("骑三轮翻沟里了 人压底下半拉钟头才拉出来 尿是红的", "挤压综合征", Action.AMBULANCE),
    ("健身房上完动感单车 尿是可乐色 腿疼得抬不起", "横纹肌溶解", Action.EMERGENCY_ROOM),
    ("孩子打翻开水瓶 烫了胸口和胳膊 起水泡", "烧烫伤", Action.AMBULANCE),
    ("手上溅了浓硫酸,皮发白,火烧一样疼", "化学烧伤", Action.EMERGENCY_ROOM),
    ("脚踩到生锈钉子 扎得很深 没打过破伤风", "深脏伤口", Action.EMERGENCY_ROOM),
    ("喷辣椒水到眼睛里 睁不开", "眼部化学伤", Action.EMERGENCY_ROOM),
    ("孩子玩激光笔照眼睛 现在看东西有个黑点", "眼外伤", Action.EMERGENCY_ROOM),
    ("早上起来左眼视力突然下降 只能看到手影", "突发视力丧失", Action.EMERGENCY_ROOM),
    ("眼前突然好多蚊子飞 还有闪电 右边缺一块", "视网膜脱离", Action.EMERGENCY_ROOM),
    ("右眼白的红通通 头痛得想吐 看灯有一圈圈彩虹", "急性青光眼", Action.EMERGENCY_ROOM),
    ("鼻窦炎孩子 眼睛肿 眼珠转着疼 看东西双影", "眼眶感染", Action.EMERGENCY_ROOM),
    ("起床左耳聋了 还嗡嗡叫 天旋地转", "突发性耳聋", Action.EMERGENCY_ROOM),
    ("流鼻血流了四十分钟堵不住,从嘴里往外冒", "鼻出血不止", Action.EMERGENCY_ROOM),
    ("宝妈们 娃耳朵里塞了颗绿豆 越掏越深", "鼻耳异物", Action.EMERGENCY_ROOM),
    ("门牙摔断连根掉了 泡牛奶行吗", "牙齿脱落", Action.EMERGENCY_ROOM),
    ("睡到半夜儿子喊肚子疼 后来说是蛋疼 一边肿", "睾丸扭转", Action.EMERGENCY_ROOM),
    ("爸爸喝了点酒 尿不出来 小腹胀痛 一宿没睡", "急性尿潴留", Action.EMERGENCY_ROOM),
    ("包皮翻上去回不来了,龟头肿得发紫", "嵌顿包茎", Action.EMERGENCY_ROOM),
    ("吃伟哥后硬了一晚上不软 疼得很", "阴茎异常勃起", Action.EMERGENCY_ROOM),
    ("阴茎被折 听到响声 肿胀", "阴茎外伤", Action.EMERGENCY_ROOM),
    ("肾结石,高烧39,冷得直抖,腰疼", "梗阻性肾盂肾炎", Action.EMERGENCY_ROOM),
    ("今天一整天没尿 腿肿 眼皮肿", "急性肾损伤", Action.EMERGENCY_ROOM),
    ("吃华法林 小便红色 牙龈出血 身上青", "血尿堵塞", Action.EMERGENCY_ROOM),
    ("尿毒症少透了两次,今天没劲心慌,手脚发麻", "高钾血症", Action.AMBULANCE),
    ("血钾2.1 四肢无力", "严重低钾", Action.EMERGENCY_ROOM),
    ("尿毒症的爸爸 透析管口流脓 发烧", "透析内瘘堵塞或出血", Action.EMERGENCY_ROOM),
    ("腹透水是浑的 肚子痛 发烧", "腹透腹膜炎", Action.EMERGENCY_ROOM),
    ("孕妇出血好多好多 我老婆八个月 现在人发软", "孕期大出血", Action.AMBULANCE),
    ("大姨妈没来 验孕两条杠 肚子右边坠痛 出褐色血", "宫外孕", Action.EMERGENCY_ROOM),
    ("停经五十天,左边小肚子突然撕着疼,头晕", "宫外孕破裂出血", Action.AMBULANCE),
    ("俺媳妇快生了 水破了 孩子脚先出来了", "脐带脱垂", Action.AMBULANCE),
    ("37周,床上突然湿了一大滩,止不住流水", "破水", Action.AMBULANCE),
    ("宫缩两分钟一次 想拉大便 离医院还有一小时", "急产", Action.AMBULANCE),
    ("孕39周 今天宝宝一上午都没动静 平时很活跃", "胎动异常", Action.EMERGENCY_ROOM),
    ("孕38周 血压160/110 头痛 眼花", "子痫前期", Action.AMBULANCE),
    ("孕30周 羊水没破 肚子规律发紧 十分钟一次", "早产", Action.EMERGENCY_ROOM),
    ("孕六个月肚子被老大踹了一脚,现在隐隐作痛", "孕期腹部外伤", Action.EMERGENCY_ROOM),
    ("顺产回家第十天 突然大出血 床单全红了", "产后大出血", Action.AMBULANCE),
    ("小产后一周发烧 肚子痛 白带有臭味", "产褥感染", Action.EMERGENCY_ROOM),
    ("月经来了十来天 昨天开始大块血块 脸白没劲", "阴道大出血", Action.EMERGENCY_ROOM),
    ("卵巢囊肿 运动后突然一侧肚子剧痛 吐", "卵巢破裂或扭转", Action.EMERGENCY_ROOM),
    ("刚出生的毛毛一直睡 喂奶不张嘴 摸着凉冰冰", "新生儿危重", Action.AMBULANCE),
    ("宝宝才25天,肛温38.6", "三个月内婴儿发热", Action.EMERGENCY_ROOM),
    ("刚满五天的宝宝黄到脚底板了,吃奶没力气", "新生儿重度黄疸", Action.EMERGENCY_ROOM),
    ("新生儿吐绿色", "婴儿肠梗阻", Action.EMERGENCY_ROOM),
    ("新生儿肚脐周围红一圈,流黄脓,有臭味", "新生儿脐炎", Action.EMERGENCY_ROOM),
    ("三个月宝宝吐奶 从鼻子喷出来 憋得紫了 不哭", "婴儿窒息", Action.AMBULANCE),
    ("抱着娃用力晃了几下 现在他软软的不睁眼", "婴儿颅脑损伤", Action.AMBULANCE),
    ("法四的孩子哭着哭着嘴唇发紫 人软了", "缺氧发作", Action.AMBULANCE),
    ("我爸打了胰岛素没吃饭,现在一身汗,叫他答非所问", "严重低血糖", Action.AMBULANCE),
    ("糖尿病,停了胰岛素三天,吐,喘得深,嘴里一股烂苹果味", "糖尿病酮症酸中毒", Action.AMBULANCE),
    ("老爷子血糖测不出 高到顶 嗜睡 尿多", "高渗高血糖状态", Action.AMBULANCE),
    ("甲亢 发烧40 心跳150 烦躁 拉肚子", "甲亢危象", Action.AMBULANCE),
    ("肾上腺皮质功能减退 感冒后吐得不行 血压低", "肾上腺危象", Action.AMBULANCE),
    ("打完第三次化疗第十天 高烧39度3", "免疫低下者发热", Action.EMERGENCY_ROOM),
    ("败血症 血压低 神志不清", "脓毒症", Action.AMBULANCE),
    ("胃镜做完回来 胸口疼 脖子皮下捏着有气泡", "坏死性软组织感染", Action.AMBULANCE),
    ("膝盖红肿发热 烧39 打了封闭针之后", "化脓性关节炎", Action.EMERGENCY_ROOM),
    ("吃了别嘌醇 全身起红疹 嘴烂 眼睛红 发烧", "重症药疹", Action.EMERGENCY_ROOM),
    ("身上莫名其妙好多青紫 牙龈流血 流鼻血", "严重出血倾向", Action.EMERGENCY_ROOM),
    ("甲友 血友病 关节肿痛", "血友病外伤", Action.EMERGENCY_ROOM),
    ("血红蛋白48 喘", "重度贫血", Action.EMERGENCY_ROOM),
    ("肺癌 脸肿脖子粗 青筋暴起 喘", "上腔静脉综合征", Action.EMERGENCY_ROOM),
    ("直肠癌骨转移,这两天腿没劲,走不了路", "肿瘤压迫脊髓", Action.EMERGENCY_ROOM),
    ("高危性行为 昨晚 怕艾滋 要阻断", "艾滋病暴露", Action.EMERGENCY_ROOM),
    ("甲状腺手术后当晚脖子越肿越大,憋气", "术后颈部血肿", Action.AMBULANCE),
    ("刚拔完牙 吃着华法林 满嘴血三个小时没停 头晕", "术后出血", Action.AMBULANCE),
    ("气管套管掉出来了,塞不回去", "气管套管或管路脱出", Action.AMBULANCE),
    ("剖腹产刀口崩开 流液", "手术切口裂开", Action.EMERGENCY_ROOM),
    ("宝宝脚趾头被头发丝缠住 肿紫了", "肢端勒压", Action.EMERGENCY_ROOM),
    ("救命啊我老公倒在厕所了怎么喊都没有应", "昏迷", Action.AMBULANCE),
    ("孕妇突然喘不上气 血压掉下来", "呼吸困难", Action.AMBULANCE),
    ("开会时突然失去意识倒地几秒 之前心慌", "晕厥", Action.EMERGENCY_ROOM),
    ("人虚脱 脸白 冷汗 脉搏摸不清", "休克", Action.AMBULANCE),
    ("我爷爷突然不认识人了,胡言乱语", "意识改变", Action.AMBULANCE),
    ("肝硬化的爸爸这两天白天睡晚上闹,说话颠三倒四", "肝性脑病", Action.EMERGENCY_ROOM),
    ("肝硬化 肚子大 今天发烧肚子痛", "肝硬化腹水感染", Action.EMERGENCY_ROOM),
    ("爷爷的胰岛素打了两遍,现在怎么办", "胰岛素过量", Action.AMBULANCE),
    ("蚕豆病 尿茶色 面色黄", "急性溶血", Action.EMERGENCY_ROOM),
    ("血钠112 抽筋 恶心", "高钙低钠", Action.EMERGENCY_ROOM),
    ("登革热 剧烈腹痛 牙龈出血", "登革热或疟疾危重", Action.AMBULANCE),
    ("孩子烧了五天 嘴唇干裂发红 眼睛红 手脚肿", "川崎病或过敏性紫癜肚痛", Action.EMERGENCY_ROOM),
    ("妈妈痔疮掉出来塞不回去,发紫,疼得坐不了", "脱出物嵌顿", Action.EMERGENCY_ROOM),
    ("腹主动脉瘤 突然腰腹剧痛", "腹主动脉瘤破裂", Action.AMBULANCE),
    ("孕28周 发烧39度5", "孕期高烧", Action.EMERGENCY_ROOM),
    ("小孩头卡在栏杆里 拉出来以后一直吐 不爱动", "产科急症", Action.AMBULANCE),
    ("新生儿吐血", "新生儿出血", Action.AMBULANCE),
    ("取卵后腹胀 少尿 气喘", "卵巢过度刺激", Action.EMERGENCY_ROOM),
    ("阑尾术后 高烧 肚子痛", "术后腹腔感染或穿孔", Action.EMERGENCY_ROOM),
    ("甲氨蝶呤每天吃了一片 吃了一周 嘴烂", "甲氨蝶呤过量", Action.EMERGENCY_ROOM),
    ("脾破裂 医生让观察 现在头晕冒冷汗", "肝脾破裂", Action.AMBULANCE),
    ("肠梗阻 呕吐 不排气 肚子胀", "急症(已经说出病名)", Action.EMERGENCY_ROOM),
    ("宝宝睡觉突然没呼吸 拍了才喘", "婴儿呼吸暂停", Action.AMBULANCE),
    ("乳腺炎 高烧39.5 寒战", "乳腺脓肿或重症乳腺炎", Action.EMERGENCY_ROOM),
    ("PICC 红肿流脓 发烧", "导管感染", Action.EMERGENCY_ROOM),
    ("手指被针扎过 现在肿 红线往胳膊上爬 发烧", "深部感染", Action.EMERGENCY_ROOM),
    ("鼻饲管拔出来了 胃造瘘管掉了", "造瘘管或引流管脱出", Action.EMERGENCY_ROOM),
    ("心电图说ST段抬高 社区医生叫我快走 我能自己开车去吗", "医生已发现的危重病", Action.AMBULANCE),
    ("换过瓣膜的人发烧一周 38.5 没力气", "心脏手术后的危险", Action.EMERGENCY_ROOM),
    ("高压油枪打进手指", "高压注射伤", Action.EMERGENCY_ROOM),
    ("我弟感冒一周 今天心慌气短 脸色煞白 走两步就喘", "可能的急性心肌炎", Action.AMBULANCE),
    ("肺炎 呼吸很急 嘴唇发紫", "重症肺炎", Action.AMBULANCE),
    ("登革热 剧烈腹痛 牙龈出血", "出血热或登革热加重", Action.AMBULANCE),
    ("异物塞进肛门取不出", "异物取不出", Action.EMERGENCY_ROOM),
    ("造口变黑了", "造口缺血", Action.EMERGENCY_ROOM),
    ("孕33周 手心脚心痒 胆汁酸高", "妊娠期胆汁淤积", Action.EMERGENCY_ROOM),
    ("耳朵挨了一巴掌 听不到了 流了点血", "耳部外伤", Action.EMERGENCY_ROOM),
    ("起搏器伤口破了露出金属", "起搏器或植入装置外露感染", Action.EMERGENCY_ROOM),
    ("化疗药外渗 手臂红肿疼痛起泡", "药液外渗", Action.EMERGENCY_ROOM),
    ("吃着舍曲林 又吃了右美沙芬 发抖 高烧 出汗", "药物相互作用引起的危险反应", Action.AMBULANCE),
    ("吃碳酸锂 手抖 走路不稳 呕吐", "锂中毒", Action.EMERGENCY_ROOM),
    ("右眼又红又痛 畏光 流泪 视力下降 戴隐形眼镜", "眼部急性感染", Action.EMERGENCY_ROOM),
    ("耳后红肿 耳朵往前推 发烧", "耳后感染", Action.EMERGENCY_ROOM),
    ("狗咬脸 嘴唇豁开了", "面部裂伤", Action.EMERGENCY_ROOM),
    ("动脉瘤的病人突然肚子和腰剧烈疼", "主动脉瘤可能破裂", Action.AMBULANCE),
    ("吃了附子汤 舌头发麻 心里发慌", "乌头碱中毒", Action.AMBULANCE),
    ("奶奶地高辛吃重了 恶心 看东西发黄 心跳很慢", "地高辛中毒", Action.AMBULANCE),
    ("从非洲回来 打摆子 忽冷忽热", "可能的疟疾", Action.EMERGENCY_ROOM),
    ("七十多岁 太阳穴疼 嚼东西腮帮子酸 左眼看东西模糊", "颞动脉炎", Action.EMERGENCY_ROOM),
    ("尿酱油色 眼睛黄 没力气", "急性肝衰竭", Action.EMERGENCY_ROOM),
    ("小产后一周发烧 肚子痛 白带有臭味", "盆腔感染", Action.EMERGENCY_ROOM),
    ("女儿骑自行车摔了,下身撞到横梁,一直流血", "会阴外伤", Action.AMBULANCE),
    ("奶奶有甲减,自己停了优甲乐,这两天光睡叫不醒,身上冰凉", "甲减危象", Action.AMBULANCE),
    ("甲状腺全切第二天 手发麻 像鸡爪一样抽", "术后低钙抽搐", Action.EMERGENCY_ROOM),
    ("贴了两片芬太尼贴 妈妈一直睡 呼吸很慢", "阿片类药物过量", Action.AMBULANCE),
    ("弟弟在吃奥氮平,突然高烧40度,浑身僵硬像木头", "精神药物的危险反应", Action.AMBULANCE),
    ("吃了胃复安 孩子脖子往后扭 眼睛往上翻", "药物引起的肌肉痉挛", Action.EMERGENCY_ROOM),
    ("带状疱疹长到眼皮和额头 眼睛红 看不清", "眼部带状疱疹", Action.EMERGENCY_ROOM),
    ("切西瓜把大拇指切了 口子很深 手指弯不下去", "深的割裂伤", Action.EMERGENCY_ROOM),
    ("五个月的宝宝从沙发上摔下来 头着地", "小婴儿摔伤", Action.EMERGENCY_ROOM),
    ("孩子被我拉了一下胳膊 现在不敢抬了一碰就哭", "桡骨头半脱位", Action.EMERGENCY_ROOM),
    ("家里停电 制氧机停了 爷爷喘得厉害", "呼吸设备停了", Action.AMBULANCE),
    ("孩子把有毒的粉末吞了一口", "误服不明毒物", Action.AMBULANCE),
    ("吃甲巯咪唑一个月,今天嗓子疼得厉害,发烧39", "药物引起的粒细胞缺乏", Action.EMERGENCY_ROOM),
    ("左边后腰突然绞着疼,在床上打滚,还吐了", "肾绞痛", Action.EMERGENCY_ROOM),
    ("肛门旁边肿了个硬包,又红又烫,坐不下去,发烧38.7", "肛周脓肿", Action.EMERGENCY_ROOM),
    ("夜市上被人捅了两刀 腰上一直冒血", "被刀具刺伤", Action.POLICE_OR_AMBULANCE),
    ("怀孕七个月 前夫推了我肚子 现在下面见红", "孕期遭受暴力", Action.POLICE_OR_AMBULANCE),
    ("那女的朝我脸上泼了一杯东西 皮烂了 眼睁不开", "遭人泼洒腐蚀液", Action.POLICE_OR_AMBULANCE),
    ("表哥说他是观音下凡 光脚跑到高速上拦车", "有危险的精神症状", Action.POLICE_OR_AMBULANCE),
    ("挂着补钾的水 有人把滴速调快了 她心里发慌 不说话了", "输液过快", Action.AMBULANCE),
    ("感冒后脚先麻 今天手抬不起来 喝水也呛 说话声音跟蚊子一样", "呼吸肌无力", Action.AMBULANCE),
    ("打了止吐针 脖子一直往后扭 舌头自己往外伸 憋得慌", "药物引起的喉肌痉挛", Action.AMBULANCE),
    ("手表里的小电池不见了 娃不肯吃奶 口水发黑", "纽扣电池可能卡在食管", Action.AMBULANCE),
    ("院子里放的毒耗子的米 外孙抓着往嘴里塞", "误食灭鼠药", Action.EMERGENCY_ROOM),
    ("虹吸抽柴油 吸到肺里一点 今天咳得胸口疼 发烧", "吸入汽油", Action.EMERGENCY_ROOM),
    ("剥牛皮的时候划了手 现在结个黑痂不疼 整个手背肿", "可能的皮肤炭疽", Action.EMERGENCY_ROOM),
    ("打了两针k药 干咳 今天上楼气短", "免疫治疗的严重副作用", Action.EMERGENCY_ROOM),
    ("上礼拜花生呛了一下 当时没事 这两天干咳 发烧", "气道里可能有异物", Action.EMERGENCY_ROOM),
    ("退烧滴剂看错刻度 喂了五倍的量", "药喂多了", Action.EMERGENCY_ROOM),
    ("二胎 头胎剖的 肚子像撕开一样 然后心慌脸白", "子宫可能破裂", Action.AMBULANCE),
    ("孩子拉了三天血水 今天脸蜡黄 尿少", "腹泻后急性溶血和肾损伤", Action.EMERGENCY_ROOM),
    ("月经来了换了好几片夜用 现在脸煞白 站不住", "失血过多", Action.AMBULANCE),
    ("血友病的娃磕了脑门 这会儿犯困 吐了一口", "可能的脑出血", Action.AMBULANCE),
    ("槽牙烂了 下巴底下肿得硬 舌头被顶起来 口水咽不下", "颈部感染堵住气道", Action.AMBULANCE),
)


def rules_of(question: str) -> list[str]:
    return [flag.rule for flag in find_red_flags(question)]


def first_action(question: str) -> Action | None:
    flags = find_red_flags(question)
    return flags[0].action if flags else None


# ----- every condition


def test_the_table_names_at_least_eighty_conditions() -> None:
    assert len({condition for _, condition, _ in CONDITIONS}) >= 80


def test_the_table_covers_almost_every_condition_of_the_data_file() -> None:
    known = {rule.condition for rule in load_rules().rules}
    tested = {condition for _, condition, _ in CONDITIONS}
    assert tested <= known
    assert len(tested) >= 0.95 * len(known)


@pytest.mark.parametrize(("question", "condition", "action"), CONDITIONS, ids=[condition for _, condition, _ in CONDITIONS])
def test_a_question_of_every_condition_fires_it(question: str, condition: str, action: Action) -> None:
    flags = find_red_flags(question)
    assert condition in {flag.condition for flag in flags}
    assert flags[0].action is action


# ----- the same danger in other words


@pytest.mark.parametrize(
    ("rule", "questions"),
    [
        (
            "acs",
            [
                "胸口闷得像压了块石板,汗把衣服溻透了",
                "阿公心口好翳,唞唔到气,成身冷汗",
                "俺娘心口窝疼了一个钟头,救心丸不顶事",
                "左肩膀酸胀,牙也疼,满头的汗,老毛病是冠心病",
            ],
        ),
        (
            "stroke",
            [
                "我妈早起嘴歪了,筷子拿不住",
                "老伴话说不清,右手使不上劲",
                "屋里老头突然讲话乌里乌涂,人往一边倒",
                "爸爸是不是中风了,半边身子动不了",
            ],
        ),
        ("choking", ["宝宝被果冻卡住,脸都紫了", "奶奶吃年糕噎住,双手抓着脖子说不出话", "儿子吸进去一颗花生,一直咳,喘气有哨音"]),
        ("snake-bite", ["下地让长虫给啃了脚面", "被竹叶青咬了手指,肿起来了", "刚才被蛇咬了怎么急救"]),
        ("suicidal-thoughts", ["活着太没劲了,死了算了", "要是能一睡不醒就好了", "没了我,家里人才轻松"]),
        ("testicular-torsion", ["儿子半夜喊蛋疼,一边肿了", "左边睾丸突然疼得想吐"]),
        ("eye-chemical", ["通马桶的粉崩到眼睛里了", "石灰弄进孩子眼里", "把502当眼药水滴了"]),
        ("fetal-movement", ["孕35周,一天没觉着宝宝踢我", "怀孕八个月,今天胎动少了一大半"]),
    ],
)
def test_one_condition_is_known_by_many_wordings(rule: str, questions: list[str]) -> None:
    assert [question for question in questions if rule not in rules_of(question)] == []


@pytest.mark.parametrize(
    "question",
    [
        "我吧突燃胸扣疼,一头虚汉",
        "奶奶图然说不出话,手台不起",
        "小孩抽畜了,眼睛翻白",
        "喝了农要,吐白沫",
        "我老公割碗了,止不主血",
        "BB飲奶濁親,面都紫晒",
    ],
)
def test_typos_dialect_and_traditional_characters_do_not_hide_a_danger(question: str) -> None:
    assert find_red_flags(question)


def test_a_danger_is_found_in_the_middle_of_a_long_story() -> None:
    before = "我爸今年六十七,退休前是木匠,身体一直硬朗,平时爱喝两口,前年体检说血脂高一点,没当回事。昨天还去赶集买了两只鸡。"
    after = "村里的大夫说是岔气,让贴膏药,弟弟说等他下班回来再商量,我妈让他先躺会儿。我人在外地,想问问这种情况挂哪个科。"
    question = before + "今天早饭后他忽然说胸口像压了石头,脸煞白,汗珠子直往下滚,左胳膊也麻。" + after
    assert rules_of(question)[0] == "acs"


# ----- whose emergency, and when


@pytest.mark.parametrize(
    ("question", "action"),
    [
        ("心脏骤停了怎么急救", Action.AMBULANCE),
        ("触电了人松不开手,先做什么", Action.AMBULANCE),
        ("我不想活了", Action.HOTLINE),
        ("妹妹总说活着没意思,想死", Action.HOTLINE),
        ("我站在楼顶,不想活了", Action.POLICE_OR_AMBULANCE),
        ("遗书写好了,药也攒够了", Action.POLICE_OR_AMBULANCE),
        ("老公拿着刀在砸门,说要杀了我", Action.POLICE_OR_AMBULANCE),
        ("室友割腕了,流了一地血", Action.POLICE_OR_AMBULANCE),
        ("用小刀划自己手臂,伤口不浅", Action.EMERGENCY_ROOM),
        ("孩子吞了纽扣电池", Action.EMERGENCY_ROOM),
        ("怀孕八周,肚子疼,晕倒了", Action.AMBULANCE),
        ("怀孕八周,肚子疼,流了点血", Action.EMERGENCY_ROOM),
        ("一侧手脚没劲,十分钟后又好了", Action.EMERGENCY_ROOM),
        ("喝酒喝到叫不醒,呼吸很慢", Action.AMBULANCE),
        ("奶奶吃着华法林,头撞了一下桌角", Action.EMERGENCY_ROOM),
        ("奶奶吃着华法林,头撞了一下,现在一直吐,叫不醒", Action.AMBULANCE),
    ],
)
def test_the_action_fits_how_fast_help_must_come(question: str, action: Action) -> None:
    assert first_action(question) is action


@pytest.mark.parametrize(
    ("now", "not_now"),
    [
        ("我妈突然嘴歪了", "我妈三年前嘴歪过,早就好了"),
        ("爸爸胸口疼得冒汗", "爸爸没有胸口疼,也不冒汗"),
        ("孩子溺水了刚捞上来", "孩子学游泳怎么预防溺水"),
        ("被蛇咬了,脚肿了", "小说里男主被蛇咬了,脚肿了"),
        ("儿子抽搐了,叫不醒", "我家狗抽搐了,叫不醒"),
        ("爷爷吐血了,一大口", "听说隔壁爷爷吐血了,一大口"),
        ("我想死,绳子买好了", "想死的心都有了哈哈,又要加班"),
        ("一氧化碳中毒了,人晕倒了怎么急救", "一氧化碳中毒的机制是什么"),
        ("今天被狗咬了,流血", "前年被狗咬了,打完五针"),
        ("邻居中风了,倒在门口,怎么办", "邻居中风了,我想知道平时怎么预防"),
        ("吃多了布洛芬,二十片,肚子疼", "布洛芬吃多了会不会伤胃,我还没吃"),
        ("移植肾五年了,今天烧39度", "移植肾五年了,今天来问能不能吃柚子"),
        ("吸毒过量,呼吸一分钟才几下", "吸毒过的人能献血吗"),
        ("边看动画片边吃花生,突然猛咳,喘气有哨声,脸发紫", "动画片里的小孩吃花生呛到,脸发紫"),
        ("他不说话脸发紫,喘不上气", "他没有脸发紫,也没有喘不上气"),
        ("满月不到的宝宝手脚一下一下抽", "满月不到的宝宝手脚没有抽"),
        ("油锅翻了烫到手,皮白的,不疼了", "手被热水烫红了一下,不疼了"),
        ("如果我消失了,大家都会轻松吧", "如果消失的是发票,怎么补"),
        ("爷爷枕头底下翻到一瓶农药和一封信", "爷爷枕头底下翻到一瓶眼药水和一封信"),
        ("鼻梁撞断了,鼻孔一直往外流清水", "鼻炎犯了,鼻孔一直往外流清水"),
        ("现在烧炭会很痛苦吗,我已经买好了", "烧炭烤肉会很呛吗,我已经买好了"),
    ],
)
def test_the_same_words_count_only_where_they_happen_now(now: str, not_now: str) -> None:
    assert find_red_flags(now)
    assert find_red_flags(not_now) == ()


@pytest.mark.parametrize(
    "question",
    [
        "什么是急性心肌梗死",
        "过敏性休克的发病机制",
        "急救员考试:心脏骤停按压多少次",
        "救护车一次多少钱,医保报吗",
        "意外险被狗咬赔不赔",
        "家里要不要备硝酸甘油,怕以后心梗",
        "感冒三天,有点咳嗽流鼻涕",
        "成人低烧37.6,嗓子有点干",
        "腰疼好几年,阴天加重",
        "偏头痛老毛病,每个月都犯",
        "血压140/90,没什么不舒服",
        "血糖一直高,想换副眼镜",
        "崴了脚,有点肿,能走",
        "切菜划破点皮,已经不流血了",
        "蚊子叮了个大包",
        "宝宝37.5,能吃能玩",
        "吃了火龙果,大便红红的",
        "补铁以后大便发黑",
        "蹲久了站起来眼前黑了一下,马上就好",
        "追剧哭到窒息",
        "股票跌得我要跳楼",
        "这题把我整吐血了",
        "我要被作业杀死了哈哈",
        "想吃火锅想死了",
        "手机摔断气了怎么修",
        "婆婆糊涂好几年,太阳一落就要回娘家",
        "被恐怖片吓得心脏骤停",
        "奶奶去年走的,走前昏迷了三天,好想她",
        "肾病便秘能吃硫酸镁吗",
        "新生儿脸和眼白有点黄,医生说生理性的",
        "面瘫恢复期,嘴还有点歪",
        "从小腿就粗,一动不动躺着,怎么减",
        "我没有想自杀的念头,就是失眠",
        "喝酒以后隔几天去抽血查肝功能才准",
        "农药喷洒要穿什么防护服",
        "隔壁老王喝农药死了,这药不是禁了吗",
        "坐了跳楼机有点恶心",
        "昏迷指数怎么打分,考护工证",
        "宝宝长牙老咬我乳头",
        "吃了三片布洛芬,肚子不疼了",
        "",
        "。。。",
    ],
)
def test_everyday_complaints_look_ups_and_jokes_stay_silent(question: str) -> None:
    assert find_red_flags(question) == ()


# ----- what it says


def test_every_rule_gives_its_reason_and_one_kind_piece_of_advice() -> None:
    rules = load_rules().rules
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.action in set(Action)
        assert len(rule.why) >= 10, rule.id
        assert 12 <= len(rule.advice) <= 110, (rule.id, len(rule.advice))
        assert rule.advice.endswith("。"), rule.id
        assert set(re.findall(r"\d{3,}", rule.advice)) <= {"120", "110", "100", "12356"}, rule.id


def test_what_a_rule_explains_is_another_rule() -> None:
    ids = {rule.id for rule in load_rules().rules}
    for rule in load_rules().rules:
        assert rule.explains <= ids - {rule.id}, rule.id


def test_advice_names_the_number_that_the_action_gives() -> None:
    for rule in load_rules().rules:
        if rule.action is not Action.EMERGENCY_ROOM:
            assert any(number in rule.advice for number in rule.action.value.split("或")), rule.id


def test_a_flag_names_the_words_that_fired_it() -> None:
    flag = find_red_flags("孩子发烧39.5,脖子发硬,一直吐")[0]
    assert flag.rule == "meningitis"
    assert {"发烧", "脖子发硬"} <= set(flag.matched)
    assert flag.to_dict() == {
        "condition": flag.condition,
        "action": "120",
        "matched": list(flag.matched),
        "advice": flag.advice,
        "rule": "meningitis",
    }


def test_a_rule_that_knows_more_silences_the_one_that_knows_less() -> None:
    assert rules_of("一边手脚没力气,过了十分钟又好了")[0] == "tia"
    assert "stroke" not in rules_of("一边手脚没力气,过了十分钟又好了")


def test_at_most_three_flags_and_every_condition_once() -> None:
    question = "爸爸胸口疼冒冷汗,吐血,右手抬不起来,说话不清,抽搐了,叫不醒"
    flags = find_red_flags(question)
    assert len(flags) == 3
    assert len({flag.condition for flag in flags}) == 3


# ----- figures, speed and robustness


def figures(name: str) -> tuple[float, float, float]:
    """Precision, recall, and the share of the emergencies found whose first action is the one asked for."""
    lines = read_set(name)
    found = [find_red_flags(line["question"]) for line in lines]
    hits = [(line, flags) for line, flags in zip(lines, found, strict=True) if line["emergency"] and flags]
    right = sum(flags[0].action.value == line["action"] for line, flags in hits)
    return len(hits) / sum(map(bool, found)), len(hits) / sum(line["emergency"] for line in lines), right / len(hits)


@pytest.mark.parametrize("name", DEV)
def test_figures_on_the_development_sets(name: str) -> None:
    precision, recall, action = figures(name)
    assert recall >= 0.98
    assert precision >= 0.97
    assert action >= 0.8


def test_figures_on_the_set_that_the_rule_writer_never_saw() -> None:
    precision, recall, action = figures(HELD_OUT)
    assert recall >= 0.85
    assert precision >= 0.8
    assert action >= 0.85


def test_a_typical_question_takes_a_few_milliseconds_at_most() -> None:
    questions = [question for question, _, _ in CONDITIONS]
    find_red_flags(questions[0])
    times = []
    for question in questions:
        start = time.process_time()
        find_red_flags(question)
        times.append(time.process_time() - start)  # of the processor, because the machine may be busy
    assert sorted(times)[len(times) // 2] < 0.01


FRAGMENTS = st.sampled_from(
    [word for question, _, _ in CONDITIONS for word in re.split(r"[, ]", question)]
    + [
        "没有",
        "去年",
        "如果",
        "怕",
        "听说",
        "电影里",
        "狗",
        "什么是",
        "好了",
        "哈哈",
        "39.8度",
        "血压200/120",
        "孕38周",
        "二十天",
        "…",
        "\u3000",
        "\n",
        "😀",
        "ABC",
        "\x00",
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(FRAGMENTS, max_size=30).map("".join), st.lists(FRAGMENTS, max_size=30).map(",".join))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text_is_read_without_failing_and_always_the_same_way(text: str) -> None:
    flags = find_red_flags(text)
    assert flags == find_red_flags(text)
    assert len(flags) <= 3
    for flag in flags:
        assert flag.matched
        assert all(word in text or word in search_key(text) for word in flag.matched)


@pytest.mark.parametrize("piece", ["胸口疼", "一阵一阵疼,", "没有没有", "被狗咬了。", "血", "(((", "孕38周", "39.5度 "])
def test_ten_thousand_characters_are_read_in_time(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    start = time.process_time()
    find_red_flags(text)
    assert time.process_time() - start < 10


def test_what_stands_after_ten_thousand_characters_is_not_read() -> None:
    assert find_red_flags("我" * 9_000 + "。被蛇咬了")
    assert find_red_flags("我" * 10_001 + "。被蛇咬了") == ()


@pytest.mark.parametrize("neutral", NEUTRAL)
def test_a_neutral_sentence_before_or_after_changes_nothing(neutral: str) -> None:
    lost = [
        question
        for question, condition, _ in CONDITIONS
        for text in (neutral + question, f"{question}。{neutral}")
        if condition not in {flag.condition for flag in find_red_flags(text)}
    ]
    assert lost == []


# ----- the files


def test_every_wording_is_a_pattern() -> None:
    wordings = load_rules().wordings
    assert len(wordings) > 10_000
    assert all(wording.pattern.pattern == wording.source for wording in wordings)


# ----- two files read as one


def test_a_second_file_adds_wordings_combinations_and_rules(tmp_path: Path) -> None:
    first, second = tmp_path / "a.toml", tmp_path / "b.toml"
    rule = '[[rules]]\nid = "{}"\ncondition = "发烧"\naction = "急诊"\nadvice = "去急诊。"\nwhy = "试。"\nany = [["烫"]]\n'
    first.write_text(
        '[spellings]\n[words]\n[background]\n[exceptions]\n[concepts]\n"烫" = ["滚烫"]\n"冷" = ["冰冷"]\n' + rule.format("hot"), "utf-8"
    )
    second.write_text('[concepts]\n"烫" = ["火热"]\n[more]\n"hot" = [["冷"]]\n' + rule.format("hot2"), "utf-8")
    book = load_rules((first, second))
    assert [rule.id for rule in book.rules] == ["hot", "hot2"]
    assert [elements[0].concepts for elements, _ in book.rules[0].combinations] == [("烫",), ("冷",)]
    assert [wording.pattern.pattern for wording in book.wordings if wording.concept == "烫"] == ["滚烫", "火热"]


def test_a_rule_that_stands_in_both_files_is_refused(tmp_path: Path) -> None:
    rule = '[[rules]]\nid = "hot"\ncondition = "发烧"\naction = "急诊"\nadvice = "去。"\nwhy = "试。"\nany = [["烫"]]\n'
    paths = (tmp_path / "a.toml", tmp_path / "b.toml")
    for path in paths:
        path.write_text('[spellings]\n[words]\n[background]\n[exceptions]\n[concepts]\n"烫" = ["滚烫"]\n' + rule, "utf-8")
    with pytest.raises(ValueError, match="hot"):
        load_rules(paths)
