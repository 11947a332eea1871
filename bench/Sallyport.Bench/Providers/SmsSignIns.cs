using Sallyport.Bench.Http;

namespace Sallyport.Bench.Providers;

/// <param name="Token">The transaction token.</param>
internal sealed record SmsSignIn(string Token, string PhoneNumber);

/// <summary>Starts sign-ins and sends each a code. Every one belongs to another user with another phone.</summary>
internal sealed class SmsSignIns(ManagementApi management)
{
    private string clientId = "";
    private int made;

    /// <summary>Sends text messages with Twilio, without limits that a measurement could reach.</summary>
    public void SwitchOn(HttpConnection connection)
    {
        clientId = management.CreateClient(connection);
        management.SetFactor(connection, "sms", isEnabled: true);
        management.Set(connection, "phone/providers/twilio", """{"sid":"ACbench","auth_token":"bench","from":"+14255550100"}""");
        management.Set(connection, "phone/selected-provider", """{"provider":"twilio"}""");
        management.Set(
            connection, "phone/guard", """{"max_messages_per_hour":1000000,"max_messages_per_prefix_per_hour":1000000,"min_entered_percent":0}""");
    }

    public void SwitchOff(HttpConnection connection) => management.SetFactor(connection, "sms", isEnabled: false);

    public SmsSignIn Start(HttpConnection connection)
    {
        var (user, number) = (management.CreateUserWithoutAddress(connection), $"+49151{Interlocked.Increment(ref made):d8}");
        management.AddPhone(connection, user, number);
        var flow = GuardianApi.StartSignIn(connection, management.CreateSignIn(connection, user, clientId));
        GuardianApi.Send(connection, flow.Token, "sms");
        return new SmsSignIn(flow.Token, number);
    }
}
