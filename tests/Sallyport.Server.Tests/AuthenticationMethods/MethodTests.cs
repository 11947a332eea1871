using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.AuthenticationMethods;

public sealed class MethodTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_method_is_created_confirmed_and_answered_as_published(Engine engine)
    {
        var person = await PersonAsync(engine);

        var totp = (await person.PostMethodAsync(MethodScene.Totp)).ShouldBe(HttpStatusCode.Created);
        var email = (await person.PostMethodAsync(MethodScene.Email)).ShouldBe(HttpStatusCode.Created);
        var phone = (await person.PostMethodAsync(MethodScene.Phone)).ShouldBe(HttpStatusCode.Created);

        totp.Names().ShouldBe(["created_at", "id", "name", "type"]);
        ((string)totp["id"]!).ShouldMatch("^totp\\|dev_[A-Za-z0-9]{16}$");
        email.Names().ShouldBe(["created_at", "email", "id", "name", "type"]);
        ((string)email["email"]!).ShouldBe("chuc****@exam*******");
        phone.Names().ShouldBe(["authentication_methods", "created_at", "id", "name", "phone_number", "preferred_authentication_method", "type"]);
        ((string)phone["phone_number"]!).ShouldBe("XXXXXXXXX3875");
        phone["authentication_methods"]!.ToJsonString().ShouldBe(
            $$"""[{"type":"sms","id":"sms{{((string)phone["id"]!)["phone".Length..]}}"}]""");
        var list = await person.ListMethodsAsync();
        list.Select(method => (string)method!["type"]!).Order().ShouldBe(["email", "phone", "totp"]);
        list.ShouldAllBe(method => (bool)method!["confirmed"]! && method["enrolled_at"] != null);
        list.ToJsonString().ShouldNotContain(MethodScene.TotpSecret);
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_enrollment_complete").ShouldBe(3);
    }

    [Theory, Engines]
    public async Task A_method_is_found_only_by_its_own_id(Engine engine)
    {
        var person = await PersonAsync(engine);
        var other = await PersonAsync(engine);
        var id = await person.AddMethodAsync(MethodScene.Phone);
        var device = id["phone|".Length..];

        var method = await person.Management.GetAsync(person.MethodPath(id));
        var byWay = await person.Management.GetAsync(person.MethodPath("sms|" + device));

        ((bool)method["confirmed"]!).ShouldBeTrue();
        byWay.ToJsonString().ShouldBe(method.ToJsonString());
        foreach (var path in new[]
        {
            person.MethodPath(device), person.MethodPath("totp|" + device), person.MethodPath("phone|dev_0000000000000000"),
            other.MethodPath(id), person.MethodPath("a b"), person.MethodPath("%"),
        })
        {
            var answer = await person.Management.SendAsync(HttpMethod.Get, path);
            answer.ShouldBeError(HttpStatusCode.NotFound, "inexistent_authentication_method");
            ((string)answer.Json!["message"]!).ShouldBe("The authentication method could not be found.");
        }
    }

    [Theory, Engines]
    public async Task A_page_with_totals_has_the_member_authenticators_and_omits_a_total_of_zero(Engine engine)
    {
        var person = await PersonAsync(engine);
        var empty = await person.Management.GetAsync(person.MethodsPath() + "?include_totals=true");
        var first = await person.AddMethodAsync(MethodScene.Totp);
        person.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var second = await person.AddMethodAsync(MethodScene.Email);

        var page = await person.Management.GetAsync(person.MethodsPath() + "?include_totals=true&page=1&per_page=1");
        var bare = await person.Management.GetAsync(person.MethodsPath() + "?page=0&per_page=1");

        empty.ToJsonString().ShouldBe("""{"authenticators":[],"start":0,"limit":50}""");
        page.AsObject().Select(member => member.Key).ShouldBe(["authenticators", "total", "start", "limit"]);
        ((int)page["total"]!).ShouldBe(2);
        ((int)page["start"]!).ShouldBe(1);
        page["authenticators"]!.AsArray().Select(method => (string)method!["id"]!).ShouldBe([second]);
        bare.AsArray().Select(method => (string)method!["id"]!).ShouldBe([first]);
        (await person.Management.SendAsync(HttpMethod.Get, person.MethodsPath() + "?per_page=101"))
            .ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
    }

    /// <summary>docs/management-api.md §E.5: addresses are always masked, numbers unless a flag of the tenant says otherwise.</summary>
    [Theory, Engines]
    public async Task Phone_numbers_are_shown_in_full_if_a_tenant_flag_allows_it(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        await person.PutMethodsAsync(MethodScene.Phone, MethodScene.Email);
        var masked = await person.ListMethodsAsync();

        await server.SetFlagAsync("disable_management_api_sms_obfuscation", true);
        var shown = await person.ListMethodsAsync();
        await server.SetFlagAsync("disable_management_api_sms_obfuscation", false);
        var maskedAgain = await person.ListMethodsAsync();

        Values(masked).ShouldBe(["XXXXXXXXX3875", "chuc****@exam*******"], ignoreOrder: true);
        Values(shown).ShouldBe(["+447207183875", "chuc****@exam*******"], ignoreOrder: true);
        Values(maskedAgain).ShouldBe(Values(masked));
        var enrollment = (await person.ListEnrollmentsAsync()).Single(enrollment => (string)enrollment!["type"]! == "sms")!;
        ((string)enrollment["phone_number"]!).ShouldBe("XXXXXXXXX3875");
        ((string)enrollment["auth_method"]!).ShouldBe("sms");
    }

    [Theory, Engines]
    public async Task A_replacement_stores_exactly_what_was_sent_and_returns_it_unmasked(Engine engine)
    {
        var person = await PersonAsync(engine);
        var enrolled = await person.EnrollAsync();
        var pending = await person.StartAsync(allowMultiple: true);

        var answer = (await person.PutMethodsAsync(
            MethodScene.Totp, new { type = "phone", phone_number = "+15550100", preferred_authentication_method = "voice" }, MethodScene.Email))
            .ShouldBe(HttpStatusCode.OK).AsArray();

        answer[0].Names().ShouldBe(["created_at", "id", "name", "type"]);
        ((string)answer[1]!["phone_number"]!).ShouldBe("+15550100");
        ((string)answer[1]!["authentication_methods"]![0]!["type"]!).ShouldBe("voice");
        ((string)answer[2]!["email"]!).ShouldBe("chuck334@example.com");
        answer.ToJsonString().ShouldNotContain(MethodScene.TotpSecret);
        (await person.ListMethodsAsync()).Select(method => (string)method!["id"]!).ShouldBe(
            answer.Select(method => (string)method!["id"]!), ignoreOrder: true);
        (await person.CountAsync("authenticator")).ShouldBe(3);
        (await person.Guardian.VerifyAsync(pending, person.Guardian.CodeOf(pending))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await person.ListGuardianLogAsync()).ShouldContain("gd_unenroll");

        (await person.PutMethodsAsync()).ShouldBe(HttpStatusCode.OK).AsArray().ShouldBeEmpty();
        (await person.ListMethodsAsync()).ShouldBeEmpty();
        enrolled.RecoveryCode.ShouldNotBeNull();
    }

    [Theory, Engines]
    public async Task A_replacement_with_an_invalid_method_changes_nothing(Engine engine)
    {
        var person = await PersonAsync(engine);
        var keeper = await PersonAsync(engine);
        await person.AddMethodAsync(MethodScene.Totp);
        await keeper.AddMethodAsync(MethodScene.Totp);
        await keeper.AddMethodAsync(MethodScene.SecurityKey($"cGFzc2tleS1vZi1rZWVwZXI{engine}"[..24], "passkey"));
        var before = await DatabaseDump.TakeAsync(person.Server.Database);

        (await person.PutMethodsAsync(MethodScene.Phone, MethodScene.Phone)).ShouldBeError(HttpStatusCode.Conflict, "authentication_method_exists");
        (await person.PutMethodsAsync([.. Enumerable.Range(0, 21).Select(n => (object)new { type = "phone", phone_number = $"+155501{n}" })]))
            .ShouldBeError(HttpStatusCode.Forbidden, "authentication_method_limit");
        (await keeper.PutMethodsAsync(MethodScene.Phone)).ShouldBeError(HttpStatusCode.Forbidden, "operation_not_supported");

        (await DatabaseDump.TakeAsync(person.Server.Database)).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task A_method_can_be_renamed_and_a_phone_can_change_its_preferred_channel(Engine engine)
    {
        var person = await PersonAsync(engine);
        var (phone, totp) = (await person.AddMethodAsync(MethodScene.Phone), await person.AddMethodAsync(MethodScene.Totp));

        var renamed = await PatchAsync(person, totp, new { name = "New app" });
        var voice = await PatchAsync(person, phone, new { preferred_authentication_method = "voice" });

        ((string)renamed.ShouldBe(HttpStatusCode.OK)["name"]!).ShouldBe("New app");
        renamed.Json.Names().ShouldBe(["created_at", "id", "name", "type"]);
        ((string)voice.ShouldBe(HttpStatusCode.OK)["preferred_authentication_method"]!).ShouldBe("voice");
        ((string)voice.Json!["name"]!).ShouldBe("Mobile");
        ((string)voice.Json["phone_number"]!).ShouldBe("XXXXXXXXX3875");
        ((string)(await person.Management.GetAsync(person.MethodPath(totp)))["name"]!).ShouldBe("New app");
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_update_device_account").ShouldBe(2);

        var before = await DatabaseDump.TakeAsync(person.Server.Database);
        (await PatchAsync(person, totp, new { preferred_authentication_method = "sms" })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await PatchAsync(person, phone, new { phone_number = "+15550101" })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await PatchAsync(person, phone, new { confirmed = false })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await PatchAsync(person, phone, new { name = new string('n', 21) })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await PatchAsync(person, "totp|dev_0000000000000000", new { name = "x" })).ShouldBeError(HttpStatusCode.NotFound, "inexistent_authentication_method");
        (await DatabaseDump.TakeAsync(person.Server.Database)).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task Methods_are_deleted_individually_with_linked_ones_or_all_together(Engine engine)
    {
        var person = await PersonAsync(engine);
        var (phone, totp, email) = (
            await person.AddMethodAsync(MethodScene.Phone), await person.AddMethodAsync(MethodScene.Totp), await person.AddMethodAsync(MethodScene.Email));
        await person.Server.ExecuteAsync(new Statement(
            "UPDATE authenticator SET link_id = 'link' WHERE user_id = @u AND factor IN ('sms', 'otp')", ("u", person.UserId)));

        (await DeleteAsync(person, person.MethodPath(phone))).ShouldBe(HttpStatusCode.NoContent);
        var left = await person.ListMethodsAsync();
        (await DeleteAsync(person, person.MethodPath(totp))).ShouldBeError(HttpStatusCode.NotFound, "inexistent_authentication_method");
        await person.AddMethodAsync(MethodScene.Totp);
        (await DeleteAsync(person, person.MethodsPath())).ShouldBe(HttpStatusCode.NoContent);
        (await DeleteAsync(person, person.MethodsPath())).ShouldBe(HttpStatusCode.NoContent);

        left.Select(method => (string)method!["id"]!).ShouldBe([email]);
        (await person.CountAsync("authenticator")).ShouldBe(0);
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_unenroll").ShouldBe(4);
    }

    [Theory, Engines]
    public async Task A_user_who_does_not_exist_is_not_found(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        const string Path = "/users/auth0%7Cnobody/authentication-methods";

        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Get, Path, null), (HttpMethod.Get, Path + "/totp%7Cdev_x", null), (HttpMethod.Post, Path, MethodScene.Totp),
            (HttpMethod.Put, Path, new[] { MethodScene.Totp }), (HttpMethod.Put, Path, Array.Empty<object>()),
            (HttpMethod.Patch, Path + "/totp%7Cdev_x", new { name = "x" }), (HttpMethod.Delete, Path, null),
            (HttpMethod.Delete, Path + "/totp%7Cdev_x", null),
        })
        {
            (await management.SendAsync(method, path, body)).ShouldBeError(HttpStatusCode.NotFound, "inexistent_user");
        }
    }

    [Theory, Engines]
    public async Task Each_operation_requires_its_own_scope(Engine engine)
    {
        var person = await PersonAsync(engine);
        List<string> verbs = ["create", "read", "update", "delete"];
        var scopes = verbs.ConvertAll(verb => $"{verb}:authentication_methods");

        foreach (var (method, path, body, needed) in new (HttpMethod, string, object?, string)[]
        {
            (HttpMethod.Post, person.MethodsPath(), MethodScene.Totp, scopes[0]), (HttpMethod.Get, person.MethodsPath(), null, scopes[1]),
            (HttpMethod.Put, person.MethodsPath(), Array.Empty<object>(), scopes[2]), (HttpMethod.Delete, person.MethodsPath(), null, scopes[3]),
        })
        {
            foreach (var scope in scopes)
            {
                var answer = await new ManagementApi(person.Server, scope).SendAsync(method, path, body);
                ((int)answer.Status < 300).ShouldBe(scope == needed, $"{method} with {scope}: {answer.Text}");
            }
        }
    }

    private static Task<Answer> PatchAsync(Person person, string id, object patch) =>
        person.Management.SendAsync(HttpMethod.Patch, person.MethodPath(id), patch);

    private static Task<Answer> DeleteAsync(Person person, string path) => person.Management.SendAsync(HttpMethod.Delete, path);

    private static IEnumerable<string> Values(JsonArray methods) =>
        methods.Select(method => (string?)method!["phone_number"] ?? (string)method["email"]!);

    private async Task<Person> PersonAsync(Engine engine) => await Person.CreateAsync(await servers.GetAsync(engine));
}
