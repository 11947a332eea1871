using System.Diagnostics;
using System.Text;
using CsCheck;
using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

public sealed class FuzzTests
{
    private const int Length = 1_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly EnginePayloadLimits Limits = new(MaxBytes: 3 * Length, MaxPackets: 3 * Length);

    private static readonly IReadOnlyList<byte[]> Corpus =
        [.. Recording.Names.SelectMany(row => Recording.Load(row.Data).FromClient).Select(exchange => exchange.Bytes)];

    /// <summary>Mostly what the formats are made of, to get past the first character.</summary>
    private static readonly Gen<string> Text =
        Gen.String[Gen.Frequency((7, Gen.Char["0123456:/,?-b[]{}\"\\ud83d\x1e\x00éÃ✓\ud83d"]), (1, Gen.Char)), 0, 60];

    private static readonly Gen<byte[]> Damaged = Choices.Gen(random => Damage(random.Pick<byte[]>([.. Corpus]), random));

    [Fact]
    public void Random_input_gives_an_outcome()
    {
        Gen.OneOf(Gen.Byte.Array[0, 60], Text.Select(Encoding.UTF8.GetBytes)).Sample(ReadEverywhere, iter: 20_000);
        Text.Sample(ReadPacket, iter: 20_000);
    }

    [Fact]
    public void Damaged_packets_give_an_outcome() => Damaged.Sample(ReadEverywhere, iter: 20_000);

    [Theory]
    [MemberData(nameof(SessionScenario.Protocols), MemberType = typeof(SessionScenario))]
    public void A_session_survives_any_order_of_calls(EngineProtocol protocol) =>
        Gen.Select(Gen.Enum<SocketTransport>(), Choices.Gen(Next).Array[0, 60]).Sample(
            (transport, steps) =>
            {
                var scenario = new SessionScenario(protocol, transport);
                foreach (var step in steps)
                {
                    step.Take(scenario);
                    ShouldBeConsistent(scenario);
                }
            },
            iter: 2_000);

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

    /// <summary>A few bytes overwritten, removed or doubled.</summary>
    private static byte[] Damage(byte[] packet, Choices random)
    {
        var bytes = packet.ToList();
        for (var changes = random.Below(4); changes >= 0 && bytes.Count > 0; changes--)
        {
            var at = random.Below(bytes.Count);
            switch (random.Below(4))
            {
                case 0:
                    bytes[at] = (byte)random.Below(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Below(9))));
                    break;
            }
        }

        return [.. bytes];
    }

    private static Step Next(Choices random)
    {
        var packet = random.Pick<byte[]>([.. Corpus]);
        var damaged = Damage(packet, random);
        var text = random.Pick("2probe", "5", "2", "3", "40", "41", "42[\"a\"]");
        var number = random.Below(20);
        return random.Below(12) switch
        {
            0 => new($"post {Convert.ToHexString(damaged)}", scenario => scenario.Session.Polling.Receive(damaged, scenario.Now)),
            1 => new($"post {Convert.ToHexString(packet)}", scenario => scenario.Session.Polling.Receive(packet, scenario.Now)),
            2 => new("attach", scenario => scenario.WebSocket = scenario.Session.WebSockets.Attach(scenario.Now) ?? scenario.WebSocket),
            3 => new($"socket {number % 4} receives {Convert.ToHexString(packet)}", scenario =>
                scenario.Session.WebSockets.Receive(number % 4, Encoding.UTF8.GetString(packet), scenario.Now)),
            4 => new($"receive {text}", scenario => scenario.Receive(text)),
            5 => new($"detach {number % 4}", scenario => scenario.Session.WebSockets.Detach(number % 4)),
            6 => new("kick", scenario => scenario.Session.Kick(scenario.Now)),
            7 => new("emit", scenario => scenario.Session.Emit("/", "login:rejected")),
            8 => new("frames", scenario => scenario.Frames()),
            9 => new($"wait {number} s", scenario => scenario.Wait(TimeSpan.FromSeconds(number))),
            _ => new("poll", scenario =>
            {
                scenario.Session.Polling.Open(scenario.Now);
                scenario.Session.Polling.TakeAnswer();
            }),
        };
    }

    /// <summary>A deadline that stays due would make the endpoint's timer spin.</summary>
    private static void ShouldBeConsistent(SessionScenario scenario)
    {
        scenario.Session.Advance(scenario.Now);
        scenario.Session.NextDeadline.ShouldBeGreaterThan(scenario.Now);
        var inputs = scenario.Inputs();
        inputs.Count(input => input.Kind == SocketInputKind.Closed).ShouldBeLessThanOrEqualTo(1);
        (scenario.Session.CloseReason is null).ShouldBe(scenario.Session.State == SocketSessionState.Open);
    }

    private sealed record Step(string Name, Action<SessionScenario> Take)
    {
        public override string ToString() => Name;
    }
}
