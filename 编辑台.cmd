@echo off
rem Double-click: opens the desk in the browser. Linux, macOS: ./haopin desk
rem ASCII only: cmd reads the lines of this file in the code page of the system.
setlocal
title Haopin
rem A network folder gets a drive letter meanwhile.
pushd "%~dp0"
if not exist "haopin.cmd" goto packed
call ".\haopin.cmd" desk %*
set HAOPIN_CODE=%errorlevel%
popd
if "%HAOPIN_CODE%"=="0" exit /b 0
rem After a double-click the window would close with the reason.
pause
exit /b %HAOPIN_CODE%

:packed
popd
echo Unpack the whole folder first, then double-click this file in it.
pause
exit /b 2
