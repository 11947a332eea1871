using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Sallyport.Server.Configuration;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Factors.Sms.Providers;

/// <summary>Sends text messages with Twilio's Messages API, and calls with its Calls API.</summary>
internal sealed class TwilioGateway(
    string channel, [FromKeyedServices(ProviderAddresses.Twilio)] ProviderClient client, SallyportOptions options) : IMessageProvider
{
    public string Channel => channel;

    public string Name => PhoneProviderChoice.Twilio;

    public SettingKind SettingKind => FactorSettings.Twilio;

    public IMessageConnection Connect(SettingValue settings)
    {
        var account = settings.Json.Deserialize(FactorJson.Default.TwilioProvider)!;
        return new TwilioConnection(
            client,
            options.ProviderAddresses.Find(ProviderAddresses.Twilio),
            account with { AuthToken = settings.Secrets.GetValueOrDefault("auth_token") });
    }
}

internal sealed class TwilioConnection(ProviderClient client, string address, TwilioProvider account) : RequestConnection(client)
{
    /// <summary>The code is spoken twice, because some people miss the first time.</summary>
    private const int Repetitions = 2;

    /// <summary>Errors that only a change of the settings or of the account corrects, whatever the status is.</summary>
    private static readonly HashSet<string> ConfigurationCodes = new(StringComparer.Ordinal)
    {
        // Credentials and the state of the account.
        "20003", "20005", "20008", "20404",
        // The sender is missing, not a number of the account, or cannot send this kind of message.
        "21210", "21212", "21213", "21603", "21606", "21659", "21660",
        // The messaging service does not exist or has no sender.
        "21701", "21703", "21705",
    };

    /// <summary>Too many calls at once, or a full queue of the sender.</summary>
    private static readonly HashSet<string> TemporaryCodes = new(StringComparer.Ordinal) { "14107", "20429", "21611", "30001" };

    /// <summary>The languages of Twilio's voices, by the language of the text. Other languages are spoken with the usual voice.</summary>
    private static readonly Dictionary<string, string> Voices = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ar"] = "ar-XA",
        ["de"] = "de-DE",
        ["en"] = "en-US",
        ["es"] = "es-ES",
        ["fr"] = "fr-FR",
        ["hi"] = "hi-IN",
        ["it"] = "it-IT",
        ["ja"] = "ja-JP",
        ["ko"] = "ko-KR",
        ["nl"] = "nl-NL",
        ["pl"] = "pl-PL",
        ["pt"] = "pt-BR",
        ["tr"] = "tr-TR",
        ["zh"] = "cmn-CN",
    };

    protected override ValueTask<HttpRequestMessage> NewRequestAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (account is not { Sid: { } sid, AuthToken: { } token })
        {
            throw DeliveryException.Misconfigured("Twilio has no credentials; set sid and auth_token.");
        }

        var content = PhoneMessageV1.Read(message);
        var isCall = content.Channel == Message.Voice;
        var url = $"{address}/2010-04-01/Accounts/{Uri.EscapeDataString(sid)}/{(isCall ? "Calls" : "Messages")}.json";
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new FormUrlEncodedContent(isCall ? CallOf(content) : TextMessageOf(content)),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{sid}:{token}")));
        return ValueTask.FromResult(request);
    }

    protected override string? ReadMessageId(ProviderAnswer answer)
    {
        if (answer.IsSuccess)
        {
            return answer.FindMember("sid");
        }

        var code = answer.FindMember("code") ?? "";
        throw answer.Refusal(
            $"{code} {answer.FindMember("message")}".Trim(),
            ConfigurationCodes.Contains(code) ? RefusalKind.Configuration : TemporaryCodes.Contains(code) ? RefusalKind.Temporary : null);
    }

    /// <summary>A messaging service chooses the sender itself.</summary>
    private Dictionary<string, string> TextMessageOf(PhoneMessageV1 content)
    {
        var fields = new Dictionary<string, string> { ["To"] = content.To };
        if (account.MessagingServiceSid is { Length: > 0 } service)
        {
            fields["MessagingServiceSid"] = service;
        }
        else
        {
            fields["From"] = Sender("Twilio has no sender; set from or messaging_service_sid.");
        }

        fields["Body"] = content.Text;
        return fields;
    }

    private Dictionary<string, string> CallOf(PhoneMessageV1 content) => new()
    {
        ["To"] = content.To,
        ["From"] = Sender("Twilio has no caller; set from, because a messaging service makes no calls."),
        ["Twiml"] = SpeechOf(content),
    };

    private string Sender(string fault) => account.From is { Length: > 0 } from ? from : throw DeliveryException.Misconfigured(fault);

    private static string SpeechOf(PhoneMessageV1 content)
    {
        var say = new XElement("Say", new XAttribute("loop", Repetitions), string.Concat(content.Text.Where(XmlConvert.IsXmlChar)));
        if (Voices.TryGetValue(content.Language.Split('-')[0], out var voice))
        {
            say.SetAttributeValue("language", voice);
        }

        return new XElement("Response", say).ToString(SaveOptions.DisableFormatting);
    }
}
