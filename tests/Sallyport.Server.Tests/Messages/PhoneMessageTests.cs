using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Messages;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Messages;

/// <summary>Messages to phones on their way through the outbox.</summary>
public sealed class PhoneMessageTests
{
    public static TheoryData<Engine, string> Channels() => new()
    {
        { Engine.Sqlite, Message.Sms }, { Engine.Sqlite, Message.Voice }, { Engine.PostgreSql, Message.Sms }, { Engine.PostgreSql, Message.Voice },
    };

    [Theory, MemberData(nameof(Channels))]
    public async Task Without_a_provider_a_message_is_a_JSON_file_of_the_outbox_folder(Engine engine, string channel)
    {
        await using var server = await TestServer.StartAsync(engine);

        await AddAsync(server, NewMessage(channel));

        var file = (await PhoneOutbox.WaitForAsync(server, 1)).ShouldHaveSingleItem();
        file.ToJsonString().ShouldBe(new JsonObject
        {
            ["channel"] = channel,
            ["to"] = "+14255550123",
            ["text"] = "Ваш код: 123456",
            ["kind"] = "verification",
            ["language"] = "ru",
            ["created_at"] = server.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null),
        }.ToJsonString());
    }

    [Theory, Engines]
    public async Task The_selected_provider_delivers_only_its_own_channel(Engine engine)
    {
        var gateway = new FakeGateway();
        await using var server = await TestServer.StartAsync(engine, services => services.AddSingleton<IMessageProvider>(gateway));
        await new ManagementApi(server).SendAsync(
            HttpMethod.Put, "/guardian/factors/phone/selected-provider", new { provider = FakeGateway.ProviderName });

        await AddAsync(server, NewMessage(Message.Sms), NewMessage(Message.Voice));

        (await PhoneOutbox.WaitForAsync(server, 1)).ShouldHaveSingleItem()["channel"]!.GetValue<string>().ShouldBe(Message.Voice);
        var sent = await Eventually.GetAsync(() => Task.FromResult(gateway.Sent), sent => sent is not null);
        sent!.Channel.ShouldBe(Message.Sms);
        sent.Context.ShouldBe(new PhoneMessageContextV1("auth0|1", "123456") { Address = "192.0.2.1" });
    }

    private static PhoneMessageV1 NewMessage(string channel) => new()
    {
        Channel = channel,
        To = "+14255550123",
        Text = "Ваш код: 123456",
        Kind = PhoneMessageV1.Verification,
        Language = "ru",
        Context = new PhoneMessageContextV1("auth0|1", "123456") { Address = "192.0.2.1" },
    };

    private static ValueTask AddAsync(TestServer server, params PhoneMessageV1[] messages)
    {
        var outbox = server.Services.GetRequiredService<Outbox>();
        return server.Database.WriteAsync(
            unit =>
            {
                Array.ForEach(messages, message => outbox.Add(unit, TenantId.Default, Message.Of(message)));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
    }

    private sealed class FakeGateway : IMessageProvider, IMessageConnection
    {
        public const string ProviderName = "phone-message-hook";

        public PhoneMessageV1? Sent { get; private set; }

        public string Channel => Message.Sms;

        public string Name => ProviderName;

        public IMessageConnection Connect(SettingValue settings) => this;

        public Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
        {
            Sent = PhoneMessageV1.Read(message);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
