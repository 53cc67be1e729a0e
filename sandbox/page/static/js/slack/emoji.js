// The emoji that messages here use, by their names in Slack; a name that is missing here stays text, as Slack does with
// one that nobody has made.

const LIST = `
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 100 💯 1234 🔢 alarm_clock ⏰ ambulance 🚑 anchor ⚓ angry 😠 apple 🍎 arrow_backward ◀️
arrow_double_down ⏬ arrow_double_up ⏫ arrow_down ⬇️ arrow_down_small 🔽 arrow_forward ▶️ arrow_heading_down ⤵️
arrow_heading_up ⤴️ arrow_left ⬅️ arrow_lower_left ↙️ arrow_lower_right ↘️ arrow_right ➡️ arrow_right_hook ↪️
arrow_up ⬆️ arrow_up_down ↕️ arrow_up_small 🔼 arrow_upper_left ↖️ arrow_upper_right ↗️ arrows_clockwise 🔃
arrows_counterclockwise 🔄 art 🎨 astonished 😲 balloon 🎈 ballot_box_with_check ☑️ bar_chart 📊 battery 🔋 beer 🍺 beers 🍻
bell 🔔 no_bell 🔕 bike 🚲 birthday 🎂 black_circle ⚫ black_large_square ⬛ black_square_for_stop ⏹️ blush 😊 bomb 💣
book 📖 bookmark 🔖 bookmark_tabs 📑 books 📚 boom 💥 bow 🙇 brain 🧠 broken_heart 💔 bug 🐛 bulb 💡 busts_in_silhouette 👥
bust_in_silhouette 👤 cake 🍰 calendar 📆 spiral_calendar_pad 🗓️ calling 📲 camera 📷 card_index 📇 card_file_box 🗃️ cat 🐱
chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 checkered_flag 🏁 clap 👏 clapper 🎬 clipboard 📋 clock1 🕐
clock3 🕒 clock9 🕘 closed_lock_with_key 🔐 cloud ☁️ coffee ☕ computer 💻 confetti_ball 🎊 confused 😕 construction 🚧
construction_worker 👷 cop 👮 credit_card 💳 crescent_moon 🌙 cry 😢 crown 👑 crystal_ball 🔮 cyclone 🌀 dart 🎯 date 📅
desktop_computer 🖥️ dizzy 💫 dog 🐶 dollar 💵 double_vertical_bar ⏸️ e-mail 📧 email ✉️ envelope ✉️ ear 👂 earth_africa 🌍
earth_americas 🌎 eight 8️⃣ electric_plug 🔌 exclamation ❗ heavy_exclamation_mark ❗ eye 👁️ eyes 👀 face_palm 🤦
facepalm 🤦 fast_forward ⏩ file_folder 📁 fire 🔥 fire_engine 🚒 fire_extinguisher 🧯 fireworks 🎆 five 5️⃣ floppy_disk 💾
flashlight 🔦 four 4️⃣ gear ⚙️ gem 💎 ghost 👻 gift 🎁 globe_with_meridians 🌐 grey_question ❔ grey_exclamation ❕ grin 😁
grinning 😀 grimacing 😬 hammer 🔨 hammer_and_wrench 🛠️ handshake 🤝 hash #️⃣ headphones 🎧 heart ❤️ heart_eyes 😍
heavy_check_mark ✔️ heavy_minus_sign ➖ heavy_plus_sign ➕ heavy_multiplication_x ✖️ hourglass ⌛
hourglass_flowing_sand ⏳ house 🏠 hugging_face 🤗 inbox_tray 📥 outbox_tray 📤 incoming_envelope 📨 information_source ℹ️
innocent 😇 interrobang ⁉️ joy 😂 key 🔑 keyboard ⌨️ label 🏷️ ladybug 🐞 beetle 🐞 large_blue_circle 🔵
large_blue_square 🟦 large_green_circle 🟢 large_green_square 🟩 large_orange_circle 🟠 large_orange_square 🟧
large_purple_circle 🟣 large_purple_square 🟪 large_red_square 🟥 large_yellow_circle 🟡 large_yellow_square 🟨
laughing 😆 leaves 🍃 ledger 📒 link 🔗 lock 🔒 lock_with_ink_pen 🔏 loudspeaker 📢 mag 🔍 mag_right 🔎 mailbox 📫 mega 📣
memo 📝 pencil 📝 pencil2 ✏️ merge 🔀 twisted_rightwards_arrows 🔀 microscope 🔬 money_with_wings 💸 moneybag 💰 moon 🌔
mortar_board 🎓 muscle 💪 musical_note 🎵 mute 🔇 negative_squared_cross_mark ❎ neutral_face 😐 new 🆕 newspaper 📰
nerd_face 🤓 nine 9️⃣ no_entry ⛔ no_entry_sign 🚫 no_good 🙅 octagonal_sign 🛑 ok ☑️ ok_hand 👌 one 1️⃣
open_file_folder 📂 open_hands 👐 open_mouth 😮 package 📦 page_facing_up 📄 page_with_curl 📃 palm_tree 🌴 paperclip 📎
partying_face 🎉 party_popper 🎉 pause_button ⏸️ pensive 😔 people_holding_hands 🧑‍🤝‍🧑 phone ☎️ pill 💊 point_down 👇
point_left 👈 point_right 👉 point_up ☝️ point_up_2 👆 pray 🙏 pushpin 📌 round_pushpin 📍 put_litter_in_its_place 🚮
question ❓ rabbit 🐰 rainbow 🌈 raised_hand ✋ hand ✋ raised_hands 🙌 raising_hand 🙋 recycle ♻️ red_circle 🔴 relaxed ☺️
relieved 😌 repeat 🔁 rewind ⏪ robot_face 🤖 rocket 🚀 rolling_eyes 🙄 rotating_light 🚨 rose 🌹 running 🏃 sailboat ⛵
santa 🎅 satellite 📡 satellite_antenna 📡 scales ⚖️ scream 😱 scroll 📜 seedling 🌱 see_no_evil 🙈 seven 7️⃣ ship 🚢
shield 🛡️ shipit 🐿️ chipmunk 🐿️ shopping_trolley 🛒 shrug 🤷 six 6️⃣ skull 💀 skull_and_crossbones ☠️ sleeping 😴
slightly_smiling_face 🙂 smile 😄 smiley 😃 smirk 😏 snail 🐌 snowflake ❄️ sob 😭 sos 🆘 sparkle ❇️ sparkles ✨ speaker 🔈
speech_balloon 💬 star ⭐ star2 🌟 stars 🌠 stop_sign 🛑 stopwatch ⏱️ straight_ruler 📏 sun_with_face 🌞 sunflower 🌻
sunglasses 😎 sunny ☀️ sweat_smile 😅 tada 🎉 tangerine 🍊 tea 🍵 telescope 🔭 test_tube 🧪 thermometer 🌡️ thinking_face 🤔
thinking 🤔 thought_balloon 💭 three 3️⃣ ticket 🎫 admission_tickets 🎟️ timer_clock ⏲️ toolbox 🧰 tools 🛠️ top 🔝
traffic_light 🚦 triangular_flag_on_post 🚩 trophy 🏆 truck 🚚 turtle 🐢 two 2️⃣ umbrella ☔ unamused 😒 unlock 🔓 up 🆙
vertical_traffic_light 🚦 v ✌️ video_camera 📹 vs 🆚 warning ⚠️ wastebasket 🗑️ watch ⌚ wave 👋 wheel 🛞
white_check_mark ✅ white_circle ⚪ white_large_square ⬜ white_medium_square ◻️ wink 😉 woman 👩 man 👨 world_map 🗺️
worried 😟 wrench 🔧 writing_hand ✍️ x ❌ yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 zap ⚡ zero 0️⃣
zipper_mouth_face 🤐 zzz 💤
`;

const pairs = LIST.trim().split(/\s+/);

/** An emoji's character by its name. */
export const EMOJI = Object.fromEntries(pairs.flatMap((name, at) => (at % 2 ? [] : [[name, pairs[at + 1]]])));

/** What the menu for reactions offers first. */
export const QUICK = [
  "+1", "eyes", "white_check_mark", "tada", "ticket", "raised_hands", "heart", "joy", "thinking_face", "x",
];
