using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Accounts;

/// <summary>Configuration section <c>Accounts</c>.</summary>
public sealed class AccountsOptions
{
    public const string Section = "Accounts";

    /// <summary>Youngest age, in calendar years.</summary>
    [Range(18, 100)]
    public int MinimumAge { get; set; } = 18;

    [Range(typeof(TimeSpan), "00:05:00", "7.00:00:00")]
    public TimeSpan VerificationLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a link that resets a password works.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "1.00:00:00")]
    public TimeSpan ResetLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>At least this long between two links of one kind to one account.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan LinkInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a higher spending limit, or none, waits before it holds.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan LimitRaiseDelay { get; set; } = TimeSpan.FromDays(1);

    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00")]
    public TimeSpan RefreshLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>However often it is refreshed, a session ends so long after its sign-in.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>What a stolen session must not do (export, closing the account) asks for a sign-in that is no older.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan RecentSignIn { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A refresh token used twice within this time is a second tab, later it is theft.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan RefreshGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>So many failures within <see cref="LockoutWindow"/> lock an address for <see cref="LockoutDuration"/>.</summary>
    [Range(1, 100)]
    public int LockoutFailures { get; set; } = 5;

    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan LockoutWindow { get; set; } = TimeSpan.FromMinutes(15);

    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan LockoutDuration { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a key signs access tokens before the next one does.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "730.00:00:00")]
    public TimeSpan SigningKeyLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long before it signs a key is published, so that whoever keeps the published keys knows it in time.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "7.00:00:00")]
    public TimeSpan SigningKeyLead { get; set; } = TimeSpan.FromHours(12);

    [ValidateObjectMembers]
    public PasswordHashingOptions PasswordHashing { get; set; } = new();
}

/// <summary>Configuration section <c>Accounts:PasswordHashing</c>.</summary>
public sealed class PasswordHashingOptions
{
    /// <summary>bcrypt's cost: each step doubles the time. 12 takes about a quarter of a second.</summary>
    [Range(Bcrypt.MinCost, Bcrypt.MaxCost)]
    public int Cost { get; set; } = 12;

    /// <summary>Hashes at the same time; 0 takes half the cores, so that a storm of sign-ins leaves the others to everybody else.</summary>
    [Range(0, 256)]
    public int Concurrency { get; set; }

    /// <summary>How many may wait for each that is being hashed; who comes later is told to come back.</summary>
    [Range(1, 1000)]
    public int QueuePerSlot { get; set; } = 32;
}
