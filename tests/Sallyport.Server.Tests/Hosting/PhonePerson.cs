using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>What a person with a phone does. The number belongs to this person alone.</summary>
internal sealed class PhonePerson
{
    private PhonePerson(Person person) => Person = person;

    public Person Person { get; }

    public string Number { get; } = NewNumber();

    /// <summary>The number as the wire shows it.</summary>
    public string Masked => new string('X', Number.Length - 4) + Number[^4..];

    /// <param name="prefix">As for <see cref="Person.CreateAsync"/>.</param>
    public static async Task<PhonePerson> CreateAsync(TestServer server, string prefix = "/appliance-mfa")
    {
        var person = await Person.CreateAsync(server, prefix);
        await person.SetFactorAsync("sms", enabled: true);
        return new PhonePerson(person);
    }

    /// <summary>A German mobile number.</summary>
    public static string NewNumber() => "+491512" + RandomNumberGenerator.GetInt32(1_000_000, 10_000_000).ToString(CultureInfo.InvariantCulture);

    public static Task<Answer> SetMessageTypesAsync(Person person, params string[] types) =>
        person.Management.SendAsync(HttpMethod.Put, "/guardian/factors/phone/message-types", new { message_types = types });

    public Task<Answer> EnrollNumberAsync(Flow flow, string? number = null, string? id = null) =>
        Person.SendAsync($"device-accounts/{id ?? flow.AuthenticatorId}/sms-enroll", flow, new { phone_number = number ?? Number });

    public Task<Answer> SendAsync(Flow flow, string method = "sms") => Person.Guardian.SendAsync("send-" + method, "Bearer " + flow.Token);

    /// <summary>Enrolls the number with the code of a text message.</summary>
    public async Task EnrollAsync(bool allowMultiple = false)
    {
        var flow = await Person.StartAsync(allowMultiple);
        (await Person.Guardian.VerifyAsync(flow, await CodeOfAsync(() => EnrollNumberAsync(flow)))).ShouldBe(HttpStatusCode.OK);
    }

    /// <returns>The code in the message to this person's number that the request sends.</returns>
    public async Task<string> CodeOfAsync(Func<Task<Answer>> request) => PhoneOutbox.CodeIn(await MessageOfAsync(request));

    /// <returns>The message to a number that the request sends.</returns>
    public async Task<JsonObject> MessageOfAsync(Func<Task<Answer>> request, string? number = null)
    {
        // The names of files do not tell which is the newest: the clock stands still, and they are in no order within a millisecond.
        var before = PhoneOutbox.ListFiles(Person.Server);
        (await request()).ShouldBe(HttpStatusCode.OK);
        var messages = await Eventually.GetAsync(
            () => Task.FromResult(PhoneOutbox.ListTo(Person.Server, number ?? Number, before)), messages => messages.Count > 0);
        return messages.ShouldHaveSingleItem();
    }
}
