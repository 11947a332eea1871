using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Languages;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Sms;

/// <summary>What messages to phones say.</summary>
public sealed class PhoneTextTests(Servers servers) : IClassFixture<Servers>
{
    private const string Variables =
        "{{code}}|{{tenant.friendly_name}}|{{tenant.friendlyName}}|{{message_type}}|{{locale}}|{{requestInfo.lang}}|{% if pause != '' %}pause{% endif %}";

    public static TheoryData<string> Tags() => [.. Language.All.Select(language => language.Tag.ToString())];

    [Theory, MemberData(nameof(Tags))]
    public async Task Without_templates_the_text_is_in_the_language_of_the_person(string tag)
    {
        var phone = await CreateAsync();
        var texts = Texts.Of(Language.All.Single(language => language.Tag.ToString() == tag));

        var text = await TextAsync(phone, tag);

        var code = PhoneOutbox.CodeIn(new JsonObject { ["text"] = text });
        text.ShouldBe(texts.SmsEnrollmentCode.Replace("{code}", code, StringComparison.Ordinal).Replace("{tenant}", "Acme", StringComparison.Ordinal));
        texts.SmsCode.ShouldContain("{code}");
        texts.SmsCode.ShouldContain("{tenant}");
        texts.CallCode.Split("{code}").Length.ShouldBe(3);
    }

    [Theory]
    [InlineData("sms", "123|Acme|Acme|sms|de|de|")]
    [InlineData("voice", "1. 2. 3.|Acme|Acme|voice|de|de|pause")]
    public async Task A_template_gets_the_variables_of_the_published_API(string type, string expected)
    {
        var phone = await CreateAsync();
        (await PhonePerson.SetMessageTypesAsync(phone.Person, type)).ShouldBe(HttpStatusCode.OK);
        await using var templates = await SetAsync(phone, Variables);

        var text = await TextAsync(phone, "de");

        var code = PhoneOutbox.CodeIn(new JsonObject { ["text"] = text });
        text.ShouldBe(expected.Replace("1. 2. 3.", string.Join(". ", code.ToCharArray()) + ".", StringComparison.Ordinal).Replace("123", code, StringComparison.Ordinal));
        (await PhonePerson.SetMessageTypesAsync(phone.Person)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_template_chooses_its_text_by_language()
    {
        var phone = await CreateAsync();
        await using var templates = await SetAsync(phone, "{% if requestInfo.lang == 'fr' %}Votre code : {{code}}{% else %}Your code: {{code}}{% endif %}");

        (await TextAsync(phone, "fr")).ShouldStartWith("Votre code : ");
        (await TextAsync(phone, "en")).ShouldStartWith("Your code: ");
    }

    [Theory]
    [InlineData("The code is secret")]
    [InlineData("{{ code | slice: 0, 3 }}")]
    [InlineData("{% for i in (1..1000) %}aaaaaaaaaaaaaaaaaaaa{% endfor %}{{code}}")]
    [InlineData("{% for i in (1..100000) %}{% for j in (1..100000) %}{% endfor %}{% endfor %}{{code}}")]
    [InlineData("{{ 'now' | date: code | divided_by: 0 }}")]
    public async Task A_template_that_gives_no_usable_text_is_replaced_by_the_built_in_text(string template)
    {
        var phone = await CreateAsync();
        await using var templates = await SetAsync(phone, template);

        (await TextAsync(phone, "en")).ShouldContain("is your code to set up this phone for Acme");
    }

    [Theory]
    [InlineData("enrollment_message")]
    [InlineData("verification_message")]
    public async Task A_malformed_template_is_refused_by_its_name(string name)
    {
        var phone = await CreateAsync();
        var templates = new JsonObject { ["enrollment_message"] = "{{code}}", ["verification_message"] = "{{code}}" };
        templates[name] = "{{code";

        var refused = await phone.Person.Management.SendAsync(HttpMethod.Put, "/guardian/factors/sms/templates", templates);

        refused.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        refused.Text.ShouldContain($"Invalid {name} template");
    }

    /// <summary>Names are chosen by administrators, and a message is not HTML.</summary>
    [Fact]
    public async Task A_hostile_name_of_the_tenant_stays_on_one_line()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var phone = await PhonePerson.CreateAsync(server);
        await NameAsync(phone, "Acme & <b>Söhne</b>\u202e {{code}}\n000000 {code}");

        var text = await TextAsync(phone, "en");

        text.ShouldContain("Acme & <b>Söhne</b> {{code}} 000000 {code}");
        text.ShouldNotContain("\n");
        text.ShouldNotContain("\u202e");
    }

    private static async Task NameAsync(PhonePerson phone, string name) =>
        (await phone.Person.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { friendly_name = name })).ShouldBe(HttpStatusCode.OK);

    /// <returns>The text that a new enrollment is sent to a browser with this language.</returns>
    private static async Task<string> TextAsync(PhonePerson phone, string language)
    {
        var person = await Person.CreateAsync(phone.Person.Server);
        var (flow, number) = (await person.StartAsync(), PhonePerson.NewNumber());
        var message = await phone.MessageOfAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"/appliance-mfa/api/device-accounts/{flow.AuthenticatorId}/sms-enroll");
                request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + flow.Token);
                request.Headers.TryAddWithoutValidation("Accept-Language", $"{language},en;q=0.5");
                request.Content = System.Net.Http.Json.JsonContent.Create(new { phone_number = number });
                using var response = await person.Server.Http.SendAsync(request);
                return await Answer.ReadAsync(response);
            },
            number);
        return (string)message["text"]!;
    }

    /// <summary>Both templates. They are put back when it is disposed of.</summary>
    private static async Task<Templates> SetAsync(PhonePerson phone, string template)
    {
        (await phone.Person.Management.SendAsync(
            HttpMethod.Put, "/guardian/factors/phone/templates", new { enrollment_message = template, verification_message = template })).ShouldBe(HttpStatusCode.OK);
        return new Templates(phone);
    }

    private async Task<PhonePerson> CreateAsync()
    {
        var phone = await PhonePerson.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await NameAsync(phone, "Acme");
        return phone;
    }

    private sealed class Templates(PhonePerson phone) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() =>
            await phone.Person.Server.Database.WriteAsync(
                unit =>
                {
                    unit.Enqueue(new Statement("DELETE FROM setting WHERE name = 'phone/templates'"));
                    return ValueTask.CompletedTask;
                },
                CancellationToken.None);
    }
}
