using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.AuthenticationMethods;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.AuthenticationMethods;

public sealed class BadMethodTests(Servers servers) : IClassFixture<Servers>
{
    [Fact]
    public void A_key_has_16_to_103_symbols()
    {
        var attribute = new Base32KeyAttribute();

        Enumerable.Range(0, 130).Where(length => attribute.IsValid(new string('A', length))).ShouldBe(Enumerable.Range(16, 88));
    }

    public static TheoryData<string, string> BadMethods() => new()
    {
        { """{"name":"x"}""", "type" },
        { """{"type":"push"}""", "type" },
        { """{"type":"totp"}""", "totp_secret" },
        { """{"type":"totp","totp_secret":""}""", "totp_secret" },
        { """{"type":"totp","totp_secret":"JBSWY3DP"}""", "totp_secret" },
        { """{"type":"totp","totp_secret":"JBSWY3DPEHPK3PX0"}""", "totp_secret" },
        { """{"type":"totp","totp_secret":"JBSWY3DPEHPK3PX"}""", "totp_secret" },
        { """{"type":"totp","totp_secret":"JBSWY3DPEHPK3PXP","phone_number":"+15550100"}""", "phone_number" },
        { """{"type":"totp","totp_secret":"JBSWY3DPEHPK3PXP","name":""}""", "name" },
        { """{"type":"totp","totp_secret":"JBSWY3DPEHPK3PXP","name":"123456789012345678901"}""", "name" },
        { """{"type":"totp","totp_secret":"JBSWY3DPEHPK3PXP","confirmed":true}""", "confirmed" },
        { """{"type":"totp","totp_secret":"JBSWY3DPEHPK3PXP","link_id":"x"}""", "link_id" },
        { """{"type":"totp","totp_secret":"JBSWY3DPEHPK3PXP","id":"dev_x"}""", "id" },
        { """{"type":"phone"}""", "phone_number" },
        { """{"type":"phone","phone_number":"15550100"}""", "phone_number" },
        { """{"type":"phone","phone_number":"+0049151"}""", "phone_number" },
        { """{"type":"phone","phone_number":"+1"}""", "phone_number" },
        { """{"type":"phone","phone_number":"+1234567890123456"}""", "phone_number" },
        { """{"type":"phone","phone_number":"+\u0661\u0662\u0663"}""", "phone_number" },
        { """{"type":"phone","phone_number":"+15550100\n"}""", "phone_number" },
        { """{"type":"phone","phone_number":"+15550100","preferred_authentication_method":"push"}""", "preferred_authentication_method" },
        { """{"type":"email"}""", "email" },
        { """{"type":"email","email":"nobody"}""", "email" },
        { """{"type":"email","email":"a@example.com\r\nBcc: x@example.com"}""", "email" },
        { """{"type":"email","email":"a@example.com","totp_secret":"JBSWY3DPEHPK3PXP"}""", "totp_secret" },
        { """{"type":"webauthn-roaming","key_id":"YQ","public_key":"YQ"}""", "relying_party_identifier" },
        { """{"type":"webauthn-roaming","key_id":"not base64","public_key":"YQ","relying_party_identifier":"a"}""", "key_id" },
        { """{"type":"passkey","key_id":"YQ","public_key":"YQ","aaguid":"x"}""", "aaguid" },
        { """{"type":"passkey","key_id":"YQ","public_key":"YQ","transports":[1]}""", "transports" },
        { """{"type":"passkey","key_id":"YQ","public_key":"YQ","credential_device_type":"x"}""", "credential_device_type" },
    };

    [Theory, MemberData(nameof(BadMethods))]
    public async Task An_invalid_method_is_refused_by_name_and_its_values_are_not_repeated(string body, string named)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var person = await Person.CreateAsync(await servers.GetAsync(engine));
            var before = await DatabaseDump.TakeAsync(person.Server.Database);

            var created = await SendAsync(person, HttpMethod.Post, body);
            var replaced = await SendAsync(person, HttpMethod.Put, $"[{body}]");

            foreach (var answer in new[] { created, replaced })
            {
                answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
                answer.Text.ShouldNotContain("JBSWY3DP");
            }

            ((string)created.Json!["message"]!).ShouldContain(named);
            (await DatabaseDump.TakeAsync(person.Server.Database)).ShouldBe(before);
        }
    }

    [Theory, Engines]
    public async Task The_message_names_the_item_of_the_list(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));

        var missing = await person.PutMethodsAsync(MethodScene.Totp, new { type = "phone" });
        var wrong = await person.PutMethodsAsync(MethodScene.Totp, new { type = "email", email = 7 });
        var none = await person.PutMethodsAsync(MethodScene.Totp, 7);
        var passkey = await person.PutMethodsAsync(MethodScene.SecurityKey("YQ", "passkey"));

        ((string)missing.Json!["message"]!).ShouldBe("Payload validation error: 'Missing required property: 1.phone_number'.");
        ((string)wrong.Json!["message"]!).ShouldBe("Payload validation error: 'Expected type string but found type integer' on property 1.email.");
        none.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        passkey.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await person.ListMethodsAsync()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_duplicate_method_and_one_over_the_limit_are_refused(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var other = await Person.CreateAsync(person.Server);
        var key = MethodScene.SecurityKey($"a2V5LW9mLXNvbWVib2R5{engine}_-"[..24]);
        foreach (var method in new[] { MethodScene.Phone, MethodScene.Email, MethodScene.Totp, key })
        {
            await person.AddMethodAsync(method);
            (await person.PostMethodAsync(method)).ShouldBeError(HttpStatusCode.Conflict, "authentication_method_exists");
        }

        // Addresses are compared without case. A credential belongs to one user, but two users may share a number or an address.
        (await person.PostMethodAsync(new { type = "email", email = "CHUCK334@EXAMPLE.COM" })).ShouldBeError(HttpStatusCode.Conflict, "authentication_method_exists");
        (await other.PostMethodAsync(key)).ShouldBeError(HttpStatusCode.Conflict, "authentication_method_exists");
        await other.AddMethodAsync(MethodScene.Phone);
        for (var number = 4; number < 20; number++)
        {
            await person.AddMethodAsync(new { type = "phone", phone_number = $"+1555010{number}" });
        }

        var refused = await person.PostMethodAsync(new { type = "phone", phone_number = "+15550199" });

        refused.ShouldBeError(HttpStatusCode.Forbidden, "authentication_method_limit");
        (await person.ListMethodsAsync()).Count.ShouldBe(20);
    }

    [Theory, Engines]
    public async Task Properties_of_a_credential_are_stored_and_returned(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var sent = JsonNode.Parse($$"""
            {
              "type": "passkey", "name": "Laptop", "key_id": "{{(engine == Engine.Sqlite ? "AA" : "AQ")}}", "public_key": "pQECAyYgASFYIA==",
              "relying_party_identifier": "example.com", "aaguid": "00112233-4455-6677-8899-aabbccddeeff",
              "credential_device_type": "multi_device", "credential_backed_up": true, "identity_user_id": "auth0|x",
              "user_agent": "Firefox", "user_handle": "aGFuZGxl", "transports": ["internal", "hybrid"]
            }
            """)!.AsObject();

        var id = await person.AddMethodAsync(sent);

        var stored = await person.Management.GetAsync(person.MethodPath(id));
        foreach (var (name, value) in sent)
        {
            stored[name]!.ToJsonString().ShouldBe(value!.ToJsonString());
        }
    }

    private static Task<Answer> SendAsync(Person person, HttpMethod method, string body) =>
        person.Management.SendAsync(method, person.MethodsPath(), new StringContent(body, Encoding.UTF8, "application/json"));
}
