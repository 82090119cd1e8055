/* ke_test.c - every group against published vectors where there are some and against the library's
 * own key derivation, and peer values that must be refused (RFC 6989, RFC 7748). */
#include "engine/crypto/crypto.h"
#include "engine/crypto/kat.h"
#include "engine/crypto/openssl.h"

struct kat {
    uint16_t id;
    const char *a, *b, *a_public, *b_public, *shared; /* publics may be "" */
};

static const struct kat kats[] = {
    /* RFC 5903 8.1, 8.2, 8.3 */
    { 19, "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
      "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53",
      "dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180"
      "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3",
      "d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
      "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab",
      "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de" },
    { 20,
      "099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896"
      "783ab194",
      "41cb0779b4bdb85d47846725fbec3c9430fab46cc8dc5060855cc9bda0aa2942e0308312916b8ed2960e4bd5"
      "5a7448fc",
      "667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bdb4c88732ae"
      "e95f41aa"
      "9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c63"
      "4573a81c",
      "e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d0"
      "774a3571"
      "dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96d"
      "b9e6386c",
      "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a2"
      "70f59746" },
    { 21,
      "0037ade9319a89f4dabdb3ef411aaccca5123c61acab57b5393dce47608172a095aa85a30fe1c2952c6771d9"
      "37ba9777f5957b2639bab072462f68c27a57382d4a52",
      "0145ba99a847af43793fdd0e872e7cdfa16be30fdc780f97bccc3f078380201e9c677d600b343757a3bdbf2a"
      "3163e4c2f869cca7458aa4a4effc311f5cb151685eb9",
      "0015417e84dbf28c0ad3c278713349dc7df153c897a1891bd98bab4357c9ecbee1e3bf42e00b8e380aeae57c"
      "2d107564941885942af5a7f4601723c4195d176ced3e"
      "017cae20b6641d2eeb695786d8c946146239d099e18e1d5a514c739d7cb4a10ad8a788015ac405d7799dc75e"
      "7b7d5b6cf2261a6a7f1507438bf01beb6ca3926f9582",
      "00d0b3975ac4b799f5bea16d5e13e9af971d5e9b984c9f39728b5e5739735a219b97c356436adc6e95bb0352"
      "f6be64a6c2912d4ef2d0433ced2b6171640012d9460f"
      "015c68226383956e3bd066e797b623c27ce0eac2f551a10c2c724d9852077b87220b6536c5c408a1d2aebb8e"
      "86d678ae49cb57091f4732296579ab44fcd17f0fc56a",
      "01144c7d79ae6956bc8edb8e7c787c4521cb086fa64407f97894e5e6b2d79b04d1427e73ca4baa240a347868"
      "59810c06b3c715a3a8cc3151f2bee417996d19f3ddea" },
    /* RFC 7027 A.1, A.2, A.3: the curves of RFC 6954 */
    { 28, "81db1ee100150ff2ea338d708271be38300cb54241d79950f77b063039804f1d",
      "55e40bc41e37e3e2ad25c3c6654511ffa8474a91a0032087593852d3e7d76bd3",
      "44106e913f92bc02a1705d9953a8414db95e1aaa49e81d9e85f929a8e3100be5"
      "8ab4846f11caccb73ce49cbdd120f5a900a69fd32c272223f789ef10eb089bdc",
      "8d2d688c6cf93e1160ad04cc4429117dc2c41825e1e9fca0addd34e6f1b39f7b"
      "990c57520812be512641e47034832106bc7d3e8dd0e4c7f1136d7006547cec6a",
      "89afc39d41d3b327814b80940b042590f96556ec91e6ae7939bce31f3a18bf2b" },
    { 29,
      "1e20f5e048a5886f1f157c74e91bde2b98c8b52d58e5003d57053fc4b0bd65d6f15eb5d1ee1610df87079514"
      "3627d042",
      "032640bc6003c59260f7250c3db58ce647f98e1260acce4acda3dd869f74e01f8ba5e0324309db6a9831497a"
      "bac96670",
      "68b665dd91c195800650cdd363c625f4e742e8134667b767b1b476793588f885ab698c852d4a6e77a252d638"
      "0fcaf068"
      "55bc91a39c9ec01dee36017b7d673a931236d2f1f5c83942d049e3fa20607493e0d038ff2fd30c2ab67d15c8"
      "5f7faa59",
      "",
      "0bd9d3a7ea0b3d519d09d8e48d0785fb744a6b355e6304bc51c229fbbce239bbadf6403715c35d4fb2a5444f"
      "575d4f42" },
    { 30,
      "16302ff0dbbb5a8d733dab7141c1b45acbc8715939677f6a56850a38bd87bd59b09e80279609ff333eb9d4c0"
      "61231fb26f92eeb04982a5f1d1764cad57665422",
      "230e18e1bcc88a362fa54e4ea3902009292f7f8033624fd471b5d8ace49d12cfabbc19963dab8e2f1eba00bf"
      "fb29e4d72d13f2224562f405cb80503666b25429",
      "", "",
      "a7927098655f1f9976fa50a9d566865dc530331846381c87256baf3226244b76d36403c024d7bbf0aa0803ea"
      "ff405d3d24f11a9b5c0bef679fe1454b21c4cd1f" },
    /* RFC 7748 6.1, 6.2 */
    { 31, "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
      "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
      "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
      "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
      "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742" },
    { 32,
      "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6"
      "f127ab1d9ac2d8c0a598726b",
      "1c306a7ac2a0e2e0990b294470cba339e6453772b075811d8fad0d1d6927c120bb5ee8972b0d3e21374c9c92"
      "1b09d1b0366f10b65173992d",
      "9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bbc836647241d953d40c5b12da"
      "88120d53177f80e532c41fa0",
      "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b43027d8b972fc3e34fb4232a13ca706dcb5"
      "7aec3dae07bdc1c67bf33609",
      "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282bb60c0b56fd2464c335543936521c2440"
      "3085d59a449a5037514a879d" },
    /* RFC 5114 A.1, A.2, A.3 */
    { 22, "b9a3b3ae8fefc1a2930496507086f8455d48943e", "9392c9f9eb6a7a6a9022f7d83e7223c6835bbdda",
      "2a853b3d92197501b9015b2deb3ed84f5e021dcc3e52f109d3273d2b7521281c"
      "babe0e76ff5727fa8acce26956ba9a1fca26f20228d8693feb10841d84a73600"
      "54ece5a7f5b7a61ad3dfb3c60d2e43106d8727da37df9cce95b478755d06bcea"
      "8f9d45965f75a5f3d1df3701165fc9e50c4279ceb07f989540ae96d5d88ed776",
      "717a6cb053371ff4a3b932941c1e5663f861a1d6ad34ae66576dfb98f6c6cbf9"
      "ddd5a56c7833f6bcfdff095582ad868e440e8d09fd769e3ceccdc3d3b1e4cfa0"
      "57776caaf9739b6a9fee8e7411f8d6dac09d6a4edb46cc2b5d5203090eae6126"
      "311e53fd2c14b574e6a3109a3da1be41bdceaa186f5ce06716a2b6a07b3c33fe",
      "5c804f454d30d9c4df85271f93528c91df6b48ab5f80b3b59caac1b28f8acba9"
      "cd3e39f3cb614525d9521d2e644c53b807b810f340062f257d7d6fbfe8d5e8f0"
      "72e9b6e9afda9413eafb2e8b0699b1fb5a0caceddeaead7e9cfbb36ae2b42083"
      "5bd83a19fb0b5e96bf8fa4d09e345525167ecd9155416f46f408ed31b63c6e6d" },
    { 23, "22e62601dbffd06708a680f747f361f76d8f4f721a0548e483294b0c",
      "4ff3bc96c7fc6a6d71d3b363800a7cdfef6fc41b4417ea15353b7590",
      "1b3a63451bd886e699e67b494e288bd7f8e0d370badda7a0efd2fde7d8f66145"
      "cc9f280419975eb808877c8a4c0c8e0bd48d4a5401eb1e8776bfeee134c03831"
      "ac273cd9d635ab0ce006a42a887e3f52fb8766b650f38078bc8ee8580cefe243"
      "968cfc4f8dc3db084554171d41bf2e861b7bb4d69dd0e01ea387cbaa5ca672af"
      "cbe8bdb9d62d4ce15f17dd36f91ed1eedd65ca4a06455cb94cd40a52ec360e84"
      "b3c926e22c4380a3bf309d56849768b7f52cfdf655fd053a7ef706979e7e5806"
      "b17dfae53ad2a5bc568ebb529a7a61d68d256f8fc97c074a861d827e2ebc8c61"
      "34553115b70e7103920aa16d85e52bcbab8d786a68178fa8ff7c2f5c71648d6f",
      "4dcee992a9762a13f2f83844ad3d77ee0e31c9718b3db6c2035d3961182c3e0b"
      "a247ec4182d760cd48d99599970622a1881bba2dc822939c78c3912c6661fa54"
      "38b20766222b75e24c2e3ad0c7287236129525ee15b5dd7998aa04c4a9696cac"
      "d7172083a97a81664ead2c479e444e4c0654cc19e28d7703cee8dacd6126f5d6"
      "65ec52c67255db92014b037eb621a2ac8e365de071ffc1400acf077a12913dd8"
      "de89473437ab7ba346743c1b215dd9c12164a7e4053118d199bec8ef6fc56117"
      "0c84c87d10ee9a674a1fa8ffe13bdfba1d44de48946d68dc0cdd777635a7ab5b"
      "fb1e4bb7b856f96827734c184138e915d9c3002ebce53120546a7e2002142b6c",
      "34d9bddc1b42176c313fea034c21034d074a6313bb4ecdb3703fff424567a46b"
      "df75530ede0a9da5229de7d76732286cbc0f91da4c3c852fc099c679531d94c7"
      "8ab03d9decb0a4e4ca8b2bb4591c4021cf8ce3a20a541d33994017d0200ae2c9"
      "516e2ff5145779269e862b0fb474a2d56dc31ed569a7700b4c4ab16b22a45513"
      "531ef523d71212077b5a169bdeffad7ad9608284c7795b6d5a5183b87066de17"
      "d8d671c9ebd8ec89544d45ec061593d442c62ab9ce3b1cb9943a1d23a5ea3bcf"
      "21a01471e67e003e7f8a69c728be490b2fc88cfeb92db6a215e5d03c17c464c9"
      "ac1a46e203e13f952995fb03c69d3cc47fcb510b6998ffd3aa6de73cf9f63869" },
    { 24, "0881382cdb87660c6dc13e614938d5b9c8b2f248581cc5e31b35454397fce50e",
      "7d62a7e3ef36de617b13d1afb82c780d83a23bd4ee6705645121f371f546a53d",
      "2e9380c8323af97545bc4941deb0ec3742c62fe0ece824a6abdbe66c59bee024"
      "2911bfb967235ceba35ae13e4ec752be630b92dc4bde2847a9c62cb815274542"
      "1fb7eb60a63c0fe9159fcce726ce7cd8523d7450667ef840e4919121eb5f01c8"
      "c9b0d3d648a93bfb75689e8244ac134af544711ce79a02dcc34226684780dddc"
      "b498594106c37f5bc79856487af5ab022a2e5e42f09897c1a85a11ea0212af04"
      "d9b4cebc937c3c1a3e15a8a0342e337615c84e7fe3b8b9b87fb1e73a15af12a3"
      "0d746e06dfc34f290d797ce51aa13aa785bf6658aff5e4b093003cbeaf665b3c"
      "2e113a3a4e905269341dc0711426685f4ef37e868a8126ff3f2279b57ca67e29",
      "575f0351bd2b1b817448bdf87a6c362c1e289d3903a30b9832c5741fa250363e"
      "7acbc7f77f3dacbc1f131add8e03367eff8fbbb3e1c5784424809b25afe4d226"
      "2a1a6fd2fab64105ca30a674e07f7809852088632fc049233791ad4edd083a97"
      "8b883ee618bc5e0dd047415f2d95e683cf14826b5fbe10d3ce41c6c120c78ab2"
      "0008c698bf7f0bcab9d7f407bed0f43afb2970f57f8d12043963e66ddd320d59"
      "9ad9936c8f44137c08b180ec5e985cebe186f3d549677e80607331ee17af3380"
      "a725b0782317d7dd43f59d7af9568a9bb63a84d365f92244ed120988219302f4"
      "2924c7ca90b89d24f71b0ab697823d7deb1aff5b0e8e4a45d49f7f53757e1913",
      "86c70bf8d0bb81bb01078a17219cb7d27203db2a19c877f1d1f19fd7d77ef225"
      "46a68f005ad52dc84553b78fc60330be51ea7c0672cac1515e4b35c047b9a551"
      "b88f39dc26da14a09ef74774d47c762dd177f9ed5bc2f11e52c879bd95098504"
      "cd9eecd8a8f9b3efbd1f008ac5853097d9d1837f2b18f77cd7be01af80a7c7b5"
      "ea3ca54cc02d0c116fee3f95bb87399385875d7e86747e676e728938acbff709"
      "8e05be4dcfb24052b83aeffb14783f029adbde7f53fae92084224090e007cee9"
      "4d4bf2bace9ffd4b57d2af7c724d0caa19bf0501f6f17b4aa10f425e3ea76080"
      "b4b9d6b3cefea115b2ceb8789bb8a3b0ea87febe63b6c8f846ec6db0c26c5d7c" },
};

static const uint16_t ids[] = { 1,  2,  5,  14, 15, 16, 17, 18, 19, 20, 21,
                                22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32 };
#define NUM_IDS (sizeof ids / sizeof ids[0])

static bool is_ecp(uint16_t id)
{
    return (id >= 19 && id <= 21) || (id >= 25 && id <= 30);
}

static bool is_subgroup(uint16_t id)
{
    return id >= 22 && id <= 24;
}

/* A key whose private part is the octets given: where the engine reduces what it draws to 1..q-1
 * by taking it modulo q-1 and adding one, the draw is eight zeros and the number before. */
static struct ke *key_of(uint16_t id, const char *text)
{
    struct octets o = hex(text);
    struct script s = { .o = o };
    struct rng rng = { script_fill, &s };
    struct ke *k = NULL;
    if (is_ecp(id) || is_subgroup(id)) {
        s.o.len = o.len + 8;
        memset(s.o.b, 0, 8);
        memcpy(s.o.b + 8, o.b, o.len);
        size_t i = s.o.len - 1;
        while (s.o.b[i]-- == 0)
            i--;
    }
    assert_int_equal(ke_new(&k, group_by_id(id), &rng), ERR_OK);
    return k;
}

static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kats / sizeof kats[0]; i++) {
        const struct kat *v = &kats[i];
        struct ke *a = key_of(v->id, v->a), *b = key_of(v->id, v->b);
        uint8_t out[SECRET_MAX];
        size_t len = group_by_id(v->id)->shared_len;
        if (v->a_public[0] != '\0')
            assert_octets(ke_public(a), hex(v->a_public));
        if (v->b_public[0] != '\0')
            assert_octets(ke_public(b), hex(v->b_public));
        assert_int_equal(ke_shared(a, ke_public(b), out, NULL), ERR_OK);
        assert_octets(span_of(out, len), hex(v->shared));
        assert_int_equal(ke_shared(b, ke_public(a), out, NULL), ERR_OK);
        assert_octets(span_of(out, len), hex(v->shared));
        ke_free(a);
        ke_free(b);
    }
}

/* RFC 7748 5.2: the point is not one that a key made. */
static void test_x25519_point(void **state)
{
    (void)state;
    struct ke *k = key_of(31, "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
    struct octets u = hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
    uint8_t out[32];
    assert_int_equal(ke_shared(k, octets_span(&u), out, NULL), ERR_OK);
    assert_octets(span_of(out, 32),
                  hex("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"));
    ke_free(k);
}

static struct ke *key_seeded(uint16_t id, uint64_t seed)
{
    struct seeded_rng *r = NULL;
    struct ke *k = NULL;
    assert_int_equal(seeded_rng_new(&r, seed, "ke"), ERR_OK);
    struct rng rng = seeded_rng_handle(r);
    assert_int_equal(ke_new(&k, group_by_id(id), &rng), ERR_OK);
    seeded_rng_free(r);
    return k;
}

static void test_groups(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_IDS; i++) {
        const struct group *g = group_by_id(ids[i]);
        uint8_t x[SECRET_MAX], y[SECRET_MAX];
        struct fault why = { 0 };
        assert_non_null(g);
        assert_int_equal(g->id, ids[i]);
        struct ke *a = key_seeded(g->id, 1), *b = key_seeded(g->id, 2), *c = key_seeded(g->id, 1);
        assert_ptr_equal(ke_group(a), g);
        assert_int_equal(ke_public(a).len, g->public_len);
        assert_true(span_eq(ke_public(a), ke_public(c))); /* one seed, one key */
        assert_false(span_eq(ke_public(a), ke_public(b)));
        assert_int_equal(ke_shared(a, ke_public(b), x, &why), ERR_OK);
        assert_int_equal(ke_shared(b, ke_public(a), y, &why), ERR_OK);
        assert_memory_equal(x, y, g->shared_len);
        /* RFC 7296 3.4: the length must be the group's */
        struct span p = ke_public(b);
        assert_int_equal(ke_shared(a, span_part(p, 0, p.len - 1), x, &why), ERR_LENGTH);
        assert_int_equal(why.code, ERR_LENGTH);
        assert_string_equal(why.field, "KE.data");
        assert_int_equal(ke_shared(a, span_of(p.p, 0), x, NULL), ERR_LENGTH);
        ke_free(a);
        ke_free(b);
        ke_free(c);
    }
    assert_null(group_by_id(0));
    assert_null(group_by_id(3));
    assert_null(group_by_id(33));
    assert_null(group_by_id(35)); /* ML-KEM comes with a later provider */
    ke_free(NULL);
}

/* --- the library's own way -----------------------------------------------------------------------
 */

static const char *name_of(uint16_t id)
{
    static const struct {
        uint16_t id;
        const char *name;
    } names[] = {
        { 5, "modp_1536" },        { 14, "modp_2048" },       { 15, "modp_3072" },
        { 16, "modp_4096" },       { 17, "modp_6144" },       { 18, "modp_8192" },
        { 22, "dh_1024_160" },     { 23, "dh_2048_224" },     { 24, "dh_2048_256" },
        { 19, "prime256v1" },      { 20, "secp384r1" },       { 21, "secp521r1" },
        { 25, "prime192v1" },      { 26, "secp224r1" },       { 27, "brainpoolP224r1" },
        { 28, "brainpoolP256r1" }, { 29, "brainpoolP384r1" }, { 30, "brainpoolP512r1" },
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].id == id)
            return names[i].name;
    }
    return NULL;
}

static EVP_PKEY *evp_generate(uint16_t id)
{
    OSSL_PARAM params[2] = { OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                                              (char *)(uintptr_t)name_of(id), 0),
                             OSSL_PARAM_END };
    const char *type = is_ecp(id) ? "EC" : is_subgroup(id) ? "DHX" : "DH";
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *key = NULL;
    assert_non_null(ctx);
    assert_true(EVP_PKEY_keygen_init(ctx) > 0);
    assert_true(EVP_PKEY_CTX_set_params(ctx, params) > 0);
    assert_true(EVP_PKEY_generate(ctx, &key) > 0);
    EVP_PKEY_CTX_free(ctx);
    return key;
}

/* The encoded public key of TLS is KE data, but for the leading 4 of a point. */
static struct octets evp_public(EVP_PKEY *key, uint16_t id)
{
    struct octets o = { 0 };
    uint8_t *raw = NULL;
    size_t len = EVP_PKEY_get1_encoded_public_key(key, &raw);
    size_t skip = is_ecp(id) ? 1 : 0;
    assert_int_equal(len, group_by_id(id)->public_len + skip);
    o.len = len - skip;
    memcpy(o.b, raw + skip, o.len);
    OPENSSL_free(raw);
    return o;
}

static struct octets evp_derive(EVP_PKEY *mine, struct span public, uint16_t id)
{
    struct octets o = { .len = sizeof o.b };
    uint8_t raw[1100] = { 4 };
    size_t skip = is_ecp(id) ? 1 : 0;
    memcpy(raw + skip, public.p, public.len);
    EVP_PKEY *his = EVP_PKEY_new();
    assert_true(EVP_PKEY_copy_parameters(his, mine) > 0);
    assert_true(EVP_PKEY_set1_encoded_public_key(his, raw, public.len + skip) > 0);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, mine, NULL);
    assert_true(EVP_PKEY_derive_init(ctx) > 0);
    if (!is_ecp(id)) {
        unsigned pad = 1;
        OSSL_PARAM params[2] = { OSSL_PARAM_construct_uint(OSSL_EXCHANGE_PARAM_PAD, &pad),
                                 OSSL_PARAM_END };
        assert_true(EVP_PKEY_CTX_set_params(ctx, params) > 0);
    }
    assert_true(EVP_PKEY_derive_set_peer(ctx, his) > 0);
    assert_true(EVP_PKEY_derive(ctx, o.b, &o.len) > 0);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(his);
    return o;
}

static void test_against_evp(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_IDS; i++) {
        const struct group *g = group_by_id(ids[i]);
        if (name_of(g->id) == NULL)
            continue;
        EVP_PKEY *theirs = evp_generate(g->id);
        struct octets their_public = evp_public(theirs, g->id);
        struct ke *mine = key_seeded(g->id, 3);
        uint8_t out[SECRET_MAX];
        assert_int_equal(ke_shared(mine, octets_span(&their_public), out, NULL), ERR_OK);
        assert_octets(span_of(out, g->shared_len), evp_derive(theirs, ke_public(mine), g->id));
        ke_free(mine);
        EVP_PKEY_free(theirs);
    }
}

/* --- what must be refused ------------------------------------------------------------------------
 */

static BIGNUM *prime_of(uint16_t id)
{
    BIGNUM *(*const get[])(BIGNUM *) = { BN_get_rfc2409_prime_768,  BN_get_rfc2409_prime_1024,
                                         BN_get_rfc3526_prime_1536, BN_get_rfc3526_prime_2048,
                                         BN_get_rfc3526_prime_3072, BN_get_rfc3526_prime_4096,
                                         BN_get_rfc3526_prime_6144, BN_get_rfc3526_prime_8192 };
    static const uint16_t order[] = { 1, 2, 5, 14, 15, 16, 17, 18 };
    for (size_t i = 0; i < 8; i++) {
        if (order[i] == id)
            return get[i](NULL);
    }
    BIGNUM *p = NULL;
    EVP_PKEY *key = evp_generate(id);
    assert_true(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_P, &p) > 0);
    EVP_PKEY_free(key);
    return p;
}

static enum err try_number(const struct ke *k, const BIGNUM *y)
{
    uint8_t raw[1024], out[SECRET_MAX];
    struct fault why = { 0 };
    size_t len = ke_group(k)->public_len;
    assert_int_equal(BN_bn2binpad(y, raw, (int)len), (int)len);
    enum err rc = ke_shared(k, span_of(raw, len), out, &why);
    assert_int_equal(why.code, rc);
    return rc;
}

/* RFC 6989 2.1 and 2.2. */
static void test_modp_peer(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_IDS; i++) {
        uint16_t id = ids[i];
        if (is_ecp(id) || id > 24)
            continue;
        struct ke *k = key_seeded(id, 4);
        BIGNUM *p = prime_of(id), *y = BN_new();
        enum err inside = is_subgroup(id) ? ERR_VALUE : ERR_OK; /* 2 generates the safe ones */
        BN_zero(y);
        assert_int_equal(try_number(k, y), ERR_VALUE);
        BN_one(y);
        assert_int_equal(try_number(k, y), ERR_VALUE);
        BN_set_word(y, 2);
        assert_int_equal(try_number(k, y), inside);
        BN_sub(y, p, BN_value_one());
        assert_int_equal(try_number(k, y), ERR_VALUE);
        BN_sub_word(y, 1);
        assert_int_equal(try_number(k, y), inside);
        assert_int_equal(try_number(k, p), ERR_VALUE);
        BN_copy(y, p);
        BN_add_word(y, 1);
        assert_int_equal(try_number(k, y), ERR_VALUE);
        BN_free(y);
        BN_free(p);
        ke_free(k);
    }
}

/* The moduli of RFC 2409 and RFC 3526 are safe primes. Those past 2048 bits would take seconds
 * each; test_against_evp holds them against the library's. */
static void test_modp_primes(void **state)
{
    (void)state;
    static const uint16_t small[] = { 1, 2, 5, 14, 22, 23, 24 };
    BN_CTX *ctx = BN_CTX_new();
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
        BIGNUM *p = prime_of(small[i]);
        assert_int_equal(BN_num_bytes(p), group_by_id(small[i])->public_len);
        assert_int_equal(BN_check_prime(p, ctx, NULL), 1);
        if (!is_subgroup(small[i])) {
            BN_rshift1(p, p);
            assert_int_equal(BN_check_prime(p, ctx, NULL), 1);
        }
        BN_free(p);
    }
    BN_CTX_free(ctx);
}

/* RFC 6989 2.3: points off the curve, coordinates past the field, and infinity, which has no
 * form. */
static void test_ecp_peer(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_IDS; i++) {
        if (!is_ecp(ids[i]))
            continue;
        struct ke *k = key_seeded(ids[i], 5), *other = key_seeded(ids[i], 6);
        struct span p = ke_public(other);
        uint8_t raw[132], out[SECRET_MAX];
        struct fault why = { 0 };
        for (size_t at = 0; at < p.len; at++) {
            memcpy(raw, p.p, p.len);
            raw[at] ^= 1;
            assert_int_equal(ke_shared(k, span_of(raw, p.len), out, &why), ERR_VALUE);
            assert_int_equal(why.code, ERR_VALUE);
        }
        memset(raw, 0, p.len);
        assert_int_equal(ke_shared(k, span_of(raw, p.len), out, NULL), ERR_VALUE);
        memset(raw, 0xff, p.len);
        assert_int_equal(ke_shared(k, span_of(raw, p.len), out, NULL), ERR_VALUE);
        assert_int_equal(ERR_peek_error(), 0); /* no litter in the library's queue */
        ke_free(k);
        ke_free(other);
    }
}

/* RFC 7748 6.1, 6.2; RFC 8031 2.3: the points of small order, of which 0 and 1 are the known ones,
 * and p and p+1, their other forms. */
static void test_xdh_peer(void **state)
{
    (void)state;
    static const char *const weak25519[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    struct ke *k = key_seeded(31, 7);
    uint8_t out[56], raw[56] = { 0 };
    struct fault why = { 0 };
    for (size_t i = 0; i < sizeof weak25519 / sizeof weak25519[0]; i++) {
        struct octets u = hex(weak25519[i]);
        memset(out, 0xa5, sizeof out);
        assert_int_equal(ke_shared(k, octets_span(&u), out, &why), ERR_VALUE);
        assert_int_equal(why.code, ERR_VALUE);
        assert_int_equal(out[0], 0);
    }
    ke_free(k);
    k = key_seeded(32, 7);
    assert_int_equal(ke_shared(k, span_of(raw, 56), out, NULL), ERR_VALUE);
    raw[0] = 1;
    assert_int_equal(ke_shared(k, span_of(raw, 56), out, NULL), ERR_VALUE);
    ke_free(k);
}

/* Leading zeros of public value and secret are kept: among some hundred keys of a small group
 * there are such. */
static void test_leading_zeros(void **state)
{
    (void)state;
    bool public_zero = false, shared_zero = false;
    struct ke *fixed = key_seeded(1, 1000);
    for (uint64_t seed = 0; seed < 4000 && !(public_zero && shared_zero); seed++) {
        struct ke *k = key_seeded(1, seed);
        uint8_t x[96], y[96];
        assert_int_equal(ke_public(k).len, 96);
        assert_int_equal(ke_shared(k, ke_public(fixed), x, NULL), ERR_OK);
        assert_int_equal(ke_shared(fixed, ke_public(k), y, NULL), ERR_OK);
        assert_memory_equal(x, y, 96);
        public_zero |= ke_public(k).p[0] == 0;
        shared_zero |= x[0] == 0;
        ke_free(k);
    }
    assert_true(public_zero && shared_zero);
    ke_free(fixed);
}

/* Zeros from the rng still make a key, and the largest draw too. */
static void test_odd_draws(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_IDS; i++) {
        const struct group *g = group_by_id(ids[i]);
        struct script zeros = { 0 }, ones = { .o = octets_fill(0xff, 200) };
        struct rng rng0 = { script_fill, &zeros }, rng1 = { script_fill, &ones };
        struct ke *a = NULL, *b = NULL;
        uint8_t x[SECRET_MAX], y[SECRET_MAX];
        assert_int_equal(ke_new(&a, g, &rng0), ERR_OK);
        assert_int_equal(ke_new(&b, g, &rng1), ERR_OK);
        assert_int_equal(ke_shared(a, ke_public(b), x, NULL), ERR_OK);
        assert_int_equal(ke_shared(b, ke_public(a), y, NULL), ERR_OK);
        assert_memory_equal(x, y, g->shared_len);
        ke_free(a);
        ke_free(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),       cmocka_unit_test(test_x25519_point),
        cmocka_unit_test(test_groups),        cmocka_unit_test(test_against_evp),
        cmocka_unit_test(test_modp_peer),     cmocka_unit_test(test_modp_primes),
        cmocka_unit_test(test_ecp_peer),      cmocka_unit_test(test_xdh_peer),
        cmocka_unit_test(test_leading_zeros), cmocka_unit_test(test_odd_draws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
