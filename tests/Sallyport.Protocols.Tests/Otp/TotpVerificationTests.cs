using System.Text;
using CsCheck;
using Sallyport.Protocols.Otp;

namespace Sallyport.Protocols.Tests.Otp;

public sealed class TotpVerificationTests
{
    private const long Step = 60_000_000;

    private static readonly byte[] Secret = "12345678901234567890"u8.ToArray();
    private static readonly DateTimeOffset StepStart = DateTimeOffset.FromUnixTimeSeconds(Step * 30);
    private static readonly string Code = Totp.Code(Secret, StepStart, TotpParameters.Default);

    public static TheoryData<string, OtpAlgorithm, string, long, string> PublishedRows()
    {
        var data = new TheoryData<string, OtpAlgorithm, string, long, string>();
        foreach (var row in Vectors.Read<Row>("Otp/Vectors/rfc6238-appendix-b.json"))
        {
            data.Add(row.Source, row.Algorithm, row.Secret, row.UnixSeconds, row.Code);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(PublishedRows))]
    public void A_published_time_has_its_published_code(
        string source, OtpAlgorithm algorithm, string secret, long unixSeconds, string code)
    {
        var parameters = new TotpParameters(algorithm, 8, TimeSpan.FromSeconds(30));
        var key = Encoding.ASCII.GetBytes(secret);
        var instant = DateTimeOffset.FromUnixTimeSeconds(unixSeconds);

        Totp.Code(key, instant, parameters).ShouldBe(code, source);
        Totp.Verify(key, code, instant, null, parameters).ShouldBe(unixSeconds / 30, source);
    }

    [Theory]
    [InlineData(-30_001, false)]
    [InlineData(-30_000, true)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(29_999, true)]
    [InlineData(30_000, true)]
    [InlineData(59_999, true)]
    [InlineData(60_000, false)]
    public void A_code_is_accepted_during_its_own_step_and_one_on_each_side(int millisecondsAfterStepStart, bool isAccepted)
    {
        var now = StepStart.AddMilliseconds(millisecondsAfterStepStart);

        Verify(Code, now, lastAcceptedStep: null).ShouldBe(isAccepted ? Step : null);
    }

    [Theory]
    [InlineData(59)]
    [InlineData(61)]
    [InlineData(89)]
    public void A_code_is_accepted_only_once_within_its_window(int secondsLater)
    {
        // Used as early as the window allows, so that the second use is in the window, too.
        var firstUse = StepStart.AddSeconds(-30);
        var accepted = Verify(Code, firstUse, lastAcceptedStep: null);

        var repetition = firstUse.AddSeconds(secondsLater);

        accepted.ShouldBe(Step);
        Verify(Code, repetition, accepted).ShouldBeNull();
        Verify(Code, repetition, lastAcceptedStep: null).ShouldBe(Step, "the window alone would have let it through");
    }

    [Theory]
    [InlineData(-1, Step)]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(120, null)]
    public void A_step_must_be_later_than_the_last_accepted_one(int lastAcceptedOffset, long? expected)
    {
        Verify(Code, StepStart, Step + lastAcceptedOffset).ShouldBe(expected);
    }

    [Fact]
    public void A_used_code_stays_used_when_the_clock_is_set_back()
    {
        var accepted = Verify(Code, StepStart, lastAcceptedStep: null);
        var hourAgo = StepStart.AddHours(-1);

        for (var seconds = 0; seconds <= 3600; seconds += 30)
        {
            var now = hourAgo.AddSeconds(seconds);

            Verify(Totp.Code(Secret, now, TotpParameters.Default), now, accepted).ShouldBeNull($"{seconds} s");
        }
    }

    [Fact]
    public void The_next_code_is_accepted_after_the_last_one()
    {
        var next = StepStart.AddSeconds(30);

        Verify(Totp.Code(Secret, next, TotpParameters.Default), next, lastAcceptedStep: Step).ShouldBe(Step + 1);
    }

    [Theory]
    [InlineData(57_766_335, 1, "251166")]
    [InlineData(57_017_782, 2, "882938")]
    public void A_code_of_two_steps_in_the_window_is_used_for_both(long firstStep, int distance, string code)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds((firstStep + 1) * 30);

        var accepted = Verify(code, now, lastAcceptedStep: null);

        Hotp.Code(Secret, firstStep, 6, OtpAlgorithm.Sha1).ShouldBe(code);
        accepted.ShouldBe(firstStep + distance);
        Verify(code, now, accepted).ShouldBeNull();
    }

    [Fact]
    public void Default_parameters_accept_no_code_not_even_the_empty_one()
    {
        Should.Throw<InvalidOperationException>(() => Totp.Verify(Secret, "", StepStart, null, default));
    }

    [Fact]
    public void A_code_is_accepted_exactly_when_its_step_is_unused_and_at_most_one_away() =>
        Gen.Select(
            Gen.Select(Gen.Enum<OtpAlgorithm>(), Gen.OneOf(1, 15, 30, 60), (algorithm, seconds) => new TotpParameters(algorithm, 8, TimeSpan.FromSeconds(seconds))),
            Gen.Byte.Array[20],
            Gen.Long[0, int.MaxValue].Select(DateTimeOffset.FromUnixTimeSeconds),
            Gen.Int[-3, 3],
            Gen.Int[-3, 3].Nullable()).Sample(
            (parameters, secret, now, distance, lastDistance) =>
            {
                var current = parameters.At(now).Number;
                var (step, last) = (current + distance, current + lastDistance);

                var accepted = Totp.Verify(secret, Hotp.Code(secret, step, 8, parameters.Algorithm), now, last, parameters);

                accepted.ShouldBe(Math.Abs(distance) <= 1 && !(step <= last) ? step : null);
            },
            iter: 2000);

    private static long? Verify(string code, DateTimeOffset now, long? lastAcceptedStep)
        => Totp.Verify(Secret, code, now, lastAcceptedStep, TotpParameters.Default);

    private sealed record Row(string Source, OtpAlgorithm Algorithm, string Secret, long UnixSeconds, string Code);
}
