using Sallyport.Protocols.Otp;

namespace Sallyport.Protocols.Tests.Otp;

public sealed class TotpParametersTests
{
    [Fact]
    public void The_default_is_what_every_authenticator_app_understands()
    {
        var parameters = TotpParameters.Default;

        parameters.Algorithm.ShouldBe(OtpAlgorithm.Sha1);
        parameters.Digits.ShouldBe(6);
        parameters.Period.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(5, 30_000)]
    [InlineData(9, 30_000)]
    [InlineData(6, 0)]
    [InlineData(6, -30_000)]
    [InlineData(6, 500)]
    [InlineData(6, 30_001)]
    public void Digits_or_a_period_that_a_URI_cannot_express_are_refused(int digits, int periodMilliseconds)
    {
        var period = TimeSpan.FromMilliseconds(periodMilliseconds);

        var refusal = Should.Throw<ArgumentOutOfRangeException>(() => new TotpParameters(OtpAlgorithm.Sha1, digits, period));

        refusal.ParamName.ShouldBe(digits == 6 ? "period" : "digits");
    }

    [Theory]
    [InlineData(6, 1)]
    [InlineData(7, 60)]
    [InlineData(8, 3600)]
    public void Digits_and_periods_at_the_edge_are_accepted(int digits, int periodSeconds)
    {
        var parameters = new TotpParameters(OtpAlgorithm.Sha512, digits, TimeSpan.FromSeconds(periodSeconds));

        parameters.Algorithm.ShouldBe(OtpAlgorithm.Sha512);
        parameters.Digits.ShouldBe(digits);
        parameters.Period.ShouldBe(TimeSpan.FromSeconds(periodSeconds));
    }

    [Theory]
    [InlineData(-30_001, -2)]
    [InlineData(-30_000, -1)]
    [InlineData(-1, -1)]
    [InlineData(0, 0)]
    [InlineData(29_999, 0)]
    [InlineData(30_000, 1)]
    [InlineData(59_999, 1)]
    [InlineData(60_000, 2)]
    public void A_step_includes_its_first_millisecond_and_excludes_that_of_the_next(long unixMilliseconds, long step)
    {
        TotpParameters.Default.At(DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds)).ShouldBe(new TimeStep(step));
    }

    [Fact]
    public void A_step_does_not_depend_on_the_time_zone()
    {
        var instant = new DateTimeOffset(2026, 3, 29, 3, 30, 0, TimeSpan.FromHours(2));

        TotpParameters.Default.At(instant).ShouldBe(TotpParameters.Default.At(instant.ToUniversalTime()));
    }

    [Fact]
    public void Default_parameters_have_no_steps()
    {
        var refusal = Should.Throw<InvalidOperationException>(() => default(TotpParameters).At(DateTimeOffset.UnixEpoch));

        refusal.Message.ShouldBe("The parameters are not set: use TotpParameters.Default.");
    }
}
