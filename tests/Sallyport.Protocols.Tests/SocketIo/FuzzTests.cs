using System.Diagnostics;
using System.Text;
using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

public sealed class FuzzTests
{
    private const int Length = 1_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly EnginePayloadLimits Limits = new(MaxBytes: 3 * Length, MaxPackets: 3 * Length);

    private static readonly IReadOnlyList<byte[]> Corpus =
        [.. Recording.Names.SelectMany(row => Recording.Load(row.Data).FromClient).Select(exchange => exchange.Bytes)];

    [Fact]
    public void Random_input_gives_an_outcome()
    {
        var source = new FuzzSource(seed: 1);

        for (var i = 0; i < 20_000; i++)
        {
            ReadEverywhere(i % 2 == 0 ? source.Bytes(60) : Encoding.UTF8.GetBytes(source.Text(60)));
            ReadPacket(source.Text(60));
        }
    }

    [Fact]
    public void Damaged_packets_give_an_outcome()
    {
        var source = new FuzzSource(seed: 2);

        for (var i = 0; i < 20_000; i++)
        {
            ReadEverywhere(source.Mutate(source.Pick(Corpus)));
        }
    }

    [Theory]
    [MemberData(nameof(SessionScenario.Protocols), MemberType = typeof(SessionScenario))]
    public void A_session_survives_any_order_of_calls(EngineProtocol protocol)
    {
        var source = new FuzzSource(seed: 3);

        for (var i = 0; i < 2_000; i++)
        {
            var scenario = new SessionScenario(protocol, (SocketTransport)source.Below(2));
            for (var step = 0; step < 30; step++)
            {
                TakeStep(scenario, source);
                KeepsItsPromises(scenario);
            }
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0:")]
    [InlineData("1:2")]
    [InlineData("1:21:")]
    [InlineData("3\u001e")]
    [InlineData("\u001e")]
    [InlineData("\0")]
    [InlineData("42[\"a\",[")]
    [InlineData("42[\"a\",\"\\\\")]
    [InlineData("42[\"a\",\"\\ud83d\\udd10")]
    [InlineData("42/")]
    [InlineData("42/a?")]
    [InlineData("421")]
    [InlineData("é")]
    [InlineData("Ã©")]
    public void Time_is_linear_in_the_length(string shape)
    {
        var repeated = string.Concat(Enumerable.Repeat(shape, Length / shape.Length));
        var repeatedTail = shape[..1] + string.Concat(Enumerable.Repeat(shape[1..], Length / shape.Length));
        var valid = $"2[\"a\"{string.Concat(Enumerable.Repeat(",\"\\u00e9\"", Length / 10))}]";
        var time = Stopwatch.StartNew();

        ReadEverywhere(Encoding.UTF8.GetBytes(repeated));
        ReadPacket(repeatedTail);
        ReadPacket(valid);

        // Far above the linear time on a busy machine, far below quadratic time.
        time.Elapsed.ShouldBeLessThan(Patience);
    }

    private static void ReadEverywhere(byte[] body)
    {
        foreach (var protocol in new[] { EngineProtocol.V3, EngineProtocol.V4 })
        {
            var outcome = EnginePayload.Read(protocol, body, Limits, out var packets);
            if (outcome != SocketReadOutcome.Read)
            {
                packets.ShouldBeEmpty();
            }

            foreach (var packet in packets)
            {
                ReadPacket(packet.Data);
            }
        }

        EnginePacket.Read(Encoding.UTF8.GetString(body), out _);
    }

    private static void ReadPacket(string text)
    {
        if (SocketPacket.Read(text, out var packet) == SocketReadOutcome.Read && packet.Type == SocketPacketType.Event)
        {
            packet.Data!.Value[0].GetString().ShouldNotBeNull();
        }
    }

    private static void TakeStep(SessionScenario scenario, FuzzSource source)
    {
        var session = scenario.Session;
        var packet = source.Pick(Corpus);
        switch (source.Below(12))
        {
            case 0:
                session.Polling.Receive(source.Mutate(packet), scenario.Now);
                break;
            case 1:
                session.Polling.Receive(packet, scenario.Now);
                break;
            case 2:
                scenario.WebSocket = session.WebSockets.Attach(scenario.Now) ?? scenario.WebSocket;
                break;
            case 3:
                session.WebSockets.Receive(source.Below(4), Encoding.UTF8.GetString(packet), scenario.Now);
                break;
            case 4:
                scenario.Receive(source.Pick(["2probe", "5", "2", "3", "40", "41", "42[\"a\"]"]));
                break;
            case 5:
                session.WebSockets.Detach(source.Below(4));
                break;
            case 6:
                session.Kick(scenario.Now);
                break;
            case 7:
                session.Emit("/", "login:rejected");
                break;
            case 8:
                scenario.Frames();
                break;
            case 9:
                scenario.Wait(TimeSpan.FromSeconds(source.Below(20)));
                break;
            default:
                session.Polling.Open(scenario.Now);
                session.Polling.TakeAnswer();
                break;
        }
    }

    /// <summary>A deadline that stays due would make the endpoint's timer spin.</summary>
    private static void KeepsItsPromises(SessionScenario scenario)
    {
        scenario.Session.Advance(scenario.Now);
        scenario.Session.NextDeadline.ShouldBeGreaterThan(scenario.Now);
        var inputs = scenario.Inputs();
        inputs.Count(input => input.Kind == SocketInputKind.Closed).ShouldBeLessThanOrEqualTo(1);
        (scenario.Session.CloseReason is null).ShouldBe(scenario.Session.State == SocketSessionState.Open);
    }
}
