/*
 * The order of letters in the root collation of CLDR 48, for the characters of Unicode 15.0 in the first plane. It is
 * written down here because the collation of a database or of Node changes with its version, and an index would then be
 * out of order. Han is not in it: its characters come in the order of their numbers.
 */

/** Punctuation of ASCII in order; it stands before digits and letters. */
export const PUNCTUATION = '_-,;:!?.\'"()[]{}@*/\\&#%`^+<=>|~$';

/** Letters of Latin that come behind one of ASCII, which stands first. */
export const LATIN =
  'aᴀⱥᶏꞻᴁᴂꬱɐɑꬰᶐɒꭤ bʙƀᴯᴃᵬꞗᶀɓƃꞵ cᴄȼꞓꞔƈɕↄꜿ dꭦʥʤᴅᴆꟈᵭᶁɖɗᶑƌȡꝱẟ eᴇꬲꬳɇᶒꬴⱸǝⱻəᶕɛᶓɘɚɜᶔᴈɝɞʚɤ fʩꜰꬵꞙᵮᶂƒⅎꟻ ' +
  'gꟑɡꬶɢǥᶃɠʛᵷꝿɣƣ hʜƕꞕɦⱨⱶꟶꜧɧ iıɪꟾꟷᴉᵎɨᵻᶖꞽɩᵼ jȷᴊɉʝɟʄ kᴋᶄƙⱪꝁꝃꝅʞ lʟꝇᴌꝉƚⱡɫꬸꬹɬꬷᶅɭꞎȴꝲɮꞁƛʎ mᴍᵯᶆɱꬺꟽꟿꝳ ' +
  'nɴᴻᴎᵰɲƞꞑᶇɳȵꬻꝴŋꬼ oᴏᴑꬽɶᴔꭁꭂꭀꭃꭄᴓꬾɔᴐᴒꬿᶗꭢꝍᴖᴗⱺɵꝋɷꞷȣᴕ pᴘᵽꝑᵱᶈƥꝓꝕꟼɸⱷ qꞯꝗꝙʠɋĸ rꭅʀꭆᴙɍᵲɹᴚɺɻⱹᶉɼɽꭉɾᵳɿꭇꭈꭊꭋꭌʁꭨꝵꝶꝝ ' +
  'sꜱꟊᵴᶊʂȿꟗẜẝʃꭍᶋᶘƪʅʆ tʨꭧʧᴛŧⱦᵵƫƭʈȶꝷʇ uᴜꭎᴝᴞᵫꭐꭑʉꭏꞹᵾᶙꭒꞿɥʮʯɯꟺᴟɰʊᵿ vᴠꝟᶌʋⱱⱴỽʌ wᴡⱳʍ xᶍꭖꭗꭘꭙꭓꭔꭕ yʏɏƴỿꭚȝ ' +
  'zᴢƶᵶᶎȥʐʑɀⱬꝣʒᴣƹᶚƺʓþꟓꝥꝧƿꟕꝩꭠꭡꭣꝫꝭꝯꝸƻꜫꜭꜯƨƽƅʔɂꜣꞌꞏʕᴤᴥꜥʡʢʖǀǁǂǃʗʘʬʭ';

/** Letters of Latin that are others of ASCII written otherwise; the letter stands first. */
export const ALIKE =
  'ßss æae ðd øo đd ħh łl œoe ƍzw ƾts ȸdb ȹqp ʣdz ʦts ʪls ʫlz ᵹg ᵺth ỻll ꜩtz ꜳaa ꜵao ꜷau ꜹav ꜻav ꜽay ꝏoo ꝛr ꝡvy ꝺd ' +
  'ꝼf ꞃr ꞅs ꞇt ꞛa ꞝo ꞟu ꞡg ꞣk ꞥn ꞧr ꞩs ꟁa ꟃw ꟙs';

/** Marks of repetition and length, numbers of old scripts: they stand with punctuation. Code points, hexadecimal. */
export const SIGNS =
  '2b9-2ba 2c6-2d1 2ec 971 9f4-9f9 b72-b77 bf0-bf2 c78-c7e d58-d5e d70-d78 e46 ec6 f2a-f33 1369-137c 17d7 17f0-17f9 ' +
  '19da 1aa7 24eb-24ff 2776-2793 2cfd 3031-3035 309d 30fc-30fd 3248-324f a717-a71f a788 a830-a835 a9cf a9e6 aa70 ' +
  'aadd aaf3-aaf4';

/**
 * The letters of all other scripts in order. Each entry: how far its code point is from the end of the last, in base 36,
 * and behind a plus how many follow it. With `=` it has the weight of the one before.
 */
export const ORDER =
  'jj 2 6o+2 50z -50y+1 14 -2u 2s -11 -1x 1y+2 1m -1l t -s 50s -50r+4 50o -4z1 -s -6 -o 50o -4z1 -1m =1 -1z -1 2 ' +
  '1z+4 50i -50h x3w -x38 -32 3p 809 2 2 2 2 1a -18 2 2 2 2 2 27 -17 -y 2 2 w 2 -w 2 2 2 2 2 2 2 2 2 2 e 2 -82m 83t ' +
  '-15 2 2 -82q 2 83w -16 -82o 82q 2 2 2 2 2 -82y 83n -n -82y 830 2 2 -832 81w 2 16 2 2 -81f =892 -84d -4 -4k =88f ' +
  '-88e =4su =3fl -88e =2m =85t -85r 2w -2u 2q -5f =4st =3fm -82q vwg -w1b w0h -vvk -2y -2s =88y -883 =w0w -w1q ' +
  '=88e -81l vve -vzi -2o =88e nrw -vuk c vua -vzi vzk -vvo vxk -vwi vwc -w23 =w1p -vze -1h =w0w -1b -vzj 880 =nrl ' +
  '-w0f =88c -85n 15 -z -2 -2 3m -4 -68 =88c -3b0 -4th 2x -s e -5k w0c -vvg c -61 =88c -84a vx5 -w16 =88c -81s -2n ' +
  '-13 11 2j -3i -23 4x -5p =4sk =3fs =nsv =2 =2 =1 =17 =2 -vxu -4q =88c -81y -3i -12 -1t =88c -865 3s -5y =4si ' +
  '=3fu 8 -82w -2q -2x =4si =1 =3ft ntr -vwe -2q vz2 -w1c -o =w1g -vyg 2 4pj =3g1 =nrm -vyq -1h =w2i -w2h =88a -836 ' +
  '2 -24 8 30 vvy -w1g =w0q -vzw vym -vyo -2 -1h =88a nsh 1a -vyy vz0 -w22 =88a -81w vvq -vz0 l -j vym -vyi 2 -2o ' +
  '-n =88a ntx -w26 =88a nrw -nq8 nrk -w1h =4sc =r8y -13 -w06 =w1a -w19 =w1a -vzh -16 =4ro =3g3 nrt -w06+1 =88d nru ' +
  '-nrt =nrv -w08 5m -50 =w1m -w1k =87q nrw -vzi =87n nrx -vzm vzo -vzk =87m -87k 2 2 =875 -873 vze -vxy 38 -26 ' +
  '7s1+1b -5fz 5kg -5kf 5kg -5kf 5kg -5kf 5kg -5kf 5kg -5kf 5kg -5kf 5kg -5jp 5kg -5l6 5kg -5kf 5kg -5kf 5kg -5kf ' +
  '5kg -5kf 5kg -5kf 5kg -5ju 5kg -5l1 5kg -5kf 5kg -5kf 5kg -5kf 5kg -5kf 5kg -5kf 5kg -5jz 5kg -5kw 5kg -5kf 5kg ' +
  '-5kf 5kg -5kf 5kg -5kf 5kg -5kf 5kg -5kf 5kg -5kf 5kg -5kf 5kg -5kf 5kg -5kf 5kg -5kf 5kg -5ka 5kg -5kl 5kg -5kf ' +
  '5kg -5kb 5kg -5kf+1 5kg -5kf+2 3 5kg -5kf+1 -2am -1 2+j j -i+g -19 3b+5 r+1 -r+3 m 3 -o =1 1+1 =1 1 =1 1+2 =1 1 ' +
  '=1 1+3 eu+n 3+1 -e2 =2b =en =4 -et -1 2 74+1 8k+1 3 -hx =g9 =1 =1 =1 =1 =1 =1 =1 =1 =1 =1 =1 =1 =1 =1 =1 =1 =1 ' +
  '=1 =17 -fz -1y 2b 3 2 5s+5 97 -96 a0 -t l+1 -i6+2 26+1 2+1 2 ft 7+1 -ic 2f+1 ee -ec 1l -1k ez v 4+1 -ih+1 2b+1 3 ' +
  '5u+1 m+1 3 a -99+1 2g+5 f5 -f4+2 2m 2z+1 -89+1 2n+8 2e 30 g+1 5 8p 8 7 -hy+1 2u+2 2m 2q h 3 d+1 -95+1 2v eq -ep ' +
  '2l -5g+1 2v ec -o+1 -gj+1 2u f7 -cn 2p+2 9g -he 2o+1 ex -ew+1 e8 -e7+1 56+1 -6q -19 2t et -es f0 -v g -he 2u+3 ' +
  '5v -5u+1 ee -ed e9 o -ew+4 4u -87 gi -gh 87+1 9q -hq 35+3 4y 8s x -hu 80+1 8x -gx 38 eb -ea+2 -4 4u+2 80 -g2 3b ' +
  '3 2 1o -16 -3x =4d =bj -cg+7 di -de 4p+1 8i -gy+1 =4c =bj =1 -ca =e5 -e4+1 2+1 -44+2 -v 9h+2 8z -dk 4o+1 7n -am ' +
  '2 =r -q =1 =q -o -1 =q -o+2 1g -1f+1 =1 1+2 1b -1a+3 =1 1+1 =1 14 -13+4 8k+a -16+o -60 p+1 -p+2 p -o+3 r+1 -r t ' +
  '-s+2 g -f c 8+1 -k+1 m -l+1 d+2 -e+6 q -b+a q+c =i -h =i -h+1 =h -g+d d+1 7cr+b 17 -16+n k -j+h -5et+f 5f5 ' +
  '-5f4+f 9t+3 54u -5ep+f 5eb -5ea+7 5e4 ose+5 -u6m+7 5dx -5dw+8 2+3 3+6 2 2+3 3+7 7x+3 54u -5ct+f 5cf -5ce+7 5c8 ' +
  '-5c7+8 2+3 3+7 5bl -5bk+7 5be -5bd+7 5b7 -5b6+8 2+3 3+6 2 2+3 3+e 2+7 59o osm+5 -u2e+n 591 osd+5 -u1i+7 58u ' +
  '-58t+7 58n -58m+8 2+3 3+7 584+3 -586+7 57s -57r+7 57l osw+6 -u0m+7 57e -57d+7 u09+6 -u0e+f 1l+3 -1n+7 1h+3 54z ' +
  '-56i+2 56u+6 2+6 2+6 2+6 2+6 2+6 2+6 2+6 -77y vjh -vij -32+2 31+4 -34+4 2d -2c 2d -2c+3 vla -vl9+6 2s -2r+4 2l 3 ' +
  '-2n+3 2g -2f 2l -2k+6 2+2 2b -2a+2 23 -22 2+1 2+4 4 1s 3u4 =1 =1 =1 =2 =1 =1 =1 =9 -5+1 rng =1 =1 =1 =1 =1 4 ' +
  '-vjx -4+1 k 7+1 -o+5 u+1 -u g -f+1 7 -6 vjr -vjq+4 1f 5+6 2d -2c 2d -2a+1 3+h 16 -15+3 2+6 1s -1q 1r -1n+3 4+7 ' +
  'u+1 -s+1 5 a 11 3c -1 -2y+1 9 -e+1 a 4 2m -2z+1 7 15+1 o -1o+j 2+5 1y -1x 2 3 13 -u+4 5+1 3+2 3n -23+6 2d -2c 2d ' +
  '-2c 2+2 2+9 2l -2k+b 2+6 2 3+4 -6 a+7 u+1 -u 2+2 2+2 1k+6 2d -2c 2d -2a+1 3+l 2+5 1c -1b 2+1 2 1o -1n+3 4+7 u+1 ' +
  '-s 6 9+1 3d -23+5 4+2 2+1 -g i 4+1 4+1 4+1 4 2 4+2 2 3 -1 -1 -2 -8 -d q+3 5+4 4+2 5 a 1a+6 2d -2c 2d -2b+2 2+8 ' +
  '1q -1p+1 1p -1o+b 1h -1f+8 3+4 -6+1 12 -t+7 u+1 -t+1 3+3 8+1 1b+6 2d -2c 2d -2b+2 2+m 1h -1f+8 3+4 -6 17 -x 1g+1 ' +
  '-36 1q+1 2+3 u+1 -t 6+1 8+1 1b+3 2f -2e+2 2d -2c 2d -2b+2 2+3 2y -2x+d 2f -2e+4 2b -2a+5 12 -11 12 -11 u =1a -22 ' +
  '23 -20+4 -6 23 -22 y -11 9 3 -1l 1m+6 u+1 -t+2 f -s =1 =h 1k+h 4+n 2+8 2 3+6 9+5 2 2 q -j k -q 2 -h v1k 5q+q ' +
  '-6y+a 6x+7 -73+4 6 6e+7 b -6v -l2+6 12 -11+3 2+r 2j+1u -rwh =1j -1i+6 =1g -g -z+d 11 -10 =12 -j -i 7 -6 7 p -v 7 ' +
  'p -v g -f+1 g -f 4+7 -2p6+1d 2+6 6+5 49 -2l+1 2 2+3 x -w 2 2 29 -2a 2+k 2 2+2 2+7 2+9 3+4 urg+1q 2 2 p+1 -uqk 28 ' +
  '-11 -16 28 -27 28 -26 28 -27 28 -27 28 -27 28 -26 28 -27 28 -27 28 -27 28 -26 28 -27 28 -27 28 -27 28 -26 28 -27 ' +
  '28 -27 28 -27 28 -26 28 -27 28 -27 28 -27 28 -26 28 =d -2k 28 -27 28 -27 28 -27 28 =a -2h =8 20 =a -28 -9 28 -27 ' +
  '28 -27 28 -27 28 -27 28 -27 -2w 54 -1c 5 -4 5 -2 3 -5+1 -q+1 e -c 6+3 7 2gs+9 1w+2 -1x+g a -9 a -9+7 j -g+f ' +
  'rnv+7 y+3 -10+b k -j+3 h 5 -l p+1 -p+1 k -j+1 j+1 -j 5+3 -7+3 5 d -sc3+8 l -k+2 j -i+g 4+b 5+8 -fs+d i -h+7 b+k ' +
  'c+j d+c 2+2 2+1 i5+r bp =1 1 =1 =1 1 =1 1 =1 1 =1 1 =1 =1 1 =1 1+2 =1 1 =1 1 =1 1 =1 =1 1 =1 1+1 =1 1+5 2 =1 1+1 ' +
  '=1 1 =1 1 =1 1+3 rwd+z -21+w -u96 39 -38 39 -38 39 ueh -3b -uee ue5 a -uee 2e -2d 37 ueh -uhn ue3 3l s -uif uho ' +
  '-3c -ub6 uex -ui2 2b ubr 3m -3c -ubv ufy -uie 35 uej -3i -ue5+1 uhn -uhm uhn -uhm uhn -3f -ue7 uhn -3f -ue7 2n ' +
  'ub9 c -ue7+2 2x ubk -ueg uhj -32 -ueg 2w uen -ufh -21+1 2v+1 uep -ue9 uai -udt 2w ubi -ued udo q -ued 1y -1x x ' +
  '-w uhk 7 -ugu -w 1w -1v w 1x -2 -1c+1 k -1z x ugd -uh9 2q uek -ugf ugg 3 -uhd ue2 -uce+1 i+1 -a -1x+4 19+3 -1a+4 ' +
  '=1 2f -h 16 -33 1w -1v 5 -4 1w+1 -1w 12+3 -14 2b -27 28 -2b 2z -n -2a 1a 5+1 ubh -ucs+1 15+1 5+4 q 4 -3 4+1 -4+1 ' +
  '5 b+1 ue8+2 -9+2 -t12+y 1m -1l+g 3+f d am+t 3+4 c+17 5+p 2f+6 =1e =1 -1e+k =v =1 -v+a e -d+5 7 o -m+2 5+2 -h+5 f ' +
  'b -a+1 =1 1+5 4+1 4 -3+2 -5 -d sdc+14 b+3 -d+9 e+d -saw 2 2 2 2 2+2 2 1e+1 -1e+6 1e -1d+7 11 -10+4 x -w+7 q -p+2 ' +
  'o+1 -o 2+5 2 2+1 3 2 s3k+12 k -j =1 j -i+5 2 =1 7 -6+3 4 -3+1 5 -sow+6 -1v -z 2v -2u z p -1n z p l l -15 -1o z ' +
  '-y z q -1o z -y z n -1l+2 x o 14 h -35 x -w x q -1m x -w x m 1i -1h -1j x -w+2 1i 1h+1 5 2+1 -37 u o -1h u o -1h ' +
  'u v 7 -s 1b -2e u n d -1t v t -1n 1q -1p u -t 1e b -1o t c h l -26+1 o q -1d 1e -n k -1a r k -1a+3 o+1 l s i ' +
  '-h+1 h -g+1 8 8 -f g -f+1 l -k f -e 4 -3+1 f+1 3 -1 q9+z s8j+27 -tzb+5 4+ai 2 6q -6p+f 6b -6a+7 64+5 -68+g -16 ' +
  '17+5h b+8 fl+1x -hg+p 6 =1 1 =2 =1 1 =1 21 -20 =1 =3 =1 =1 1y -1x+3 =1 =1 =1 =1 1n -1m 2 =1c -1b =1 =1 =1 1 =1 ' +
  '=1 1 =1 1f -1e =1 1 =1 14 -13+1 =d -c+1 =1 =1 =1 =1 =s 8 -z =1 =1 1 =1 =1 2 w -v =1 =1 m -l =1 1 =1 1+1 k -21 25 ' +
  '-24 25 -2d 1p 3 -17 18 -3+1 3+1 =1 =1 s2g+c 7b -7a+h 6u -6t+k 6a -69+j 5r -5q+a 5h -5g+5 =54 8 -5b+1 5b -5a+5 56 ' +
  '-55+9 =4n -4m+3 =58 -57+m 46 -45+1 =3v -3u+18 2w -2v+m 2a -29+5 =2i -d -24+6 1z -1y+1f 44+27 101+8mb -x2a =1 =2n ' +
  '=1 -2n =1 =2n =1 -2n =1 =2n =1 -2n =1 =2n =1 -2n =1 =2n =1 -2n =22 =m =22 -4o =2o -2m =2o =8x -bj =1x =r =1x -4j ' +
  '=2o -2m =2o -2m =2o =8q -dn 2b =2o =8p -bb =2o -2m =2o -2m =2o -2m =2o -2m =1 =2n =1 -2m =2o -2m =2o =8b -ax =2o ' +
  '-2n =2o -2n =2o =88 -av =2o -2n =2o -2n =2o =86 -ar =2o =84 -ap =2o =82 -an =2o =80 -al =2o =7y -aj =2o -4i 1v ' +
  '=2o -2n =2o =7u -ah =2o -2n =2o -2n =1 =2n =1 -2n =1 =2n =1 -2n =1 =2n =1 -2n =2o =7m -a9 =2o =7m -a9 =2o =7m ' +
  '-a9 =2o =7m -a9 =2o =7m -a9 =1 =2n =1 -2n =2o -2n =2o -2n =2o -2n =2o i =4b -4a =4u -4t 4l -4k y -x+1 =4r -4q 10 ' +
  '-z+1 =46 =o -4t =4o -3v 3m -4e =4o -4n =42 -41 r -q 4q+1 -4q+4 =3u -3t+1 4f+2 -4g =3z -3y =3w -1 -3u =i -h 3r =1 ' +
  '-3r =40 -3z+1 =3z -3y+3 3y -3x 3v+1 -3v+1 =3n =9 -3v =3k =3 -3m 4 41+1 ls1+wc 30+3 2 -1 -18+p 2 2 -3 2 2+9';

/** Marks that differ from none only where all letters are the same. Code points, hexadecimal. */
export const MARKS =
  '300-34e 350-36f 483-489 591-5bd 5bf 5c1-5c2 5c4-5c5 5c7 610-61a 64b-65f 670 6d6-6dc 6df-6e4 6e7-6e8 6ea-6ed 711 ' +
  '730-74a 7eb-7f3 7fd 818-819 81c-823 825-827 829-82d 859-85b 898-89f 8ca-8e1 8e3-903 93c 951-954 981-983 9bc 9fe ' +
  'a01-a03 a3c a70-a71 a81-a83 abc afa-aff b01-b03 b3c b55 b82 c00-c04 c3c c81-c83 cbc cf3 d00-d03 d81-d83 e47-e4e ' +
  'ec8-ece f18-f19 f35 f37 f39 f3e-f3f f7e-f7f f82-f83 f86-f87 fc6 1036-1038 135d-135f 17c6-17d1 17d3 17dd ' +
  '1939-193b 1a74-1a7c 1a7f 1ab0-1ace 1b00-1b04 1b34 1b6b-1b73 1b80-1b82 1be6 1c37 1cd0-1cd2 1cd4-1ce8 1ced 1cf4 ' +
  '1cf7-1cf9 1dc0-1dff 20d0-20f0 2cef-2cf1 2d7f 2de0-2dff 302a-302f 3099-309a a66f-a672 a67c-a67d a6f0-a6f1 a80b ' +
  'a880-a881 a8c5 a8e0-a8f1 a92b-a92d a980-a983 a9b3 aabf aac1 abec fb1e fe20-fe2f';
