namespace FitTrack.Core.Messaging;

/// <summary>Names this process among all that run: <c>{machine}-{process id}-{random}</c>, at most 100 characters.</summary>
public sealed class InstanceId
{
    public InstanceId()
    {
        var machine = Environment.MachineName;
        Value = $"{machine[..Math.Min(machine.Length, 60)]}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";
    }

    public string Value { get; }

    public override string ToString() => Value;
}
